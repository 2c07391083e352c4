/**
 * Denies that do not deny what they seem to, because of how AWS reads values and compares (observed on AWS, September 2026).
 * The engine does as AWS does, so that only a finding tells.
 */
import type { OperatorName, ValueType } from "../grammar/operators.ts";
import type { Report } from "./finding.ts";
import { describedKey } from "./known-keys.ts";
import { canMatch } from "./readable.ts";
import type { ConditionKeyData, ServiceData } from "./services.ts";
import { textOf } from "./statement.ts";
import type { ClauseView, StatementView } from "./statement.ts";

export function checkDenies(report: Report, statement: StatementView, services: ServiceData | undefined): void {
  if (statement.effect !== "Deny") return;
  for (const clause of statement.clauses) {
    const known = describedKey(clause.key.value, services) ?? null;
    const reason = whyNever(clause, known);
    if (reason !== null) report.add("DENY_NEVER_APPLIES", clause.key, { key: clause.key.value, reason });
    else if (clause.name !== null && known?.type === "String") checkUnreadable(report, clause, clause.name);
  }
}

function whyNever({ operator, name, value, values }: ClauseView, known: ConditionKeyData | null): string | null {
  if (/^ForAnyValue:Null$/i.test(operator.value)) return "ForAnyValue:Null is always false";
  if (name === null || name.type === "Null") return null;
  if (known?.multivalued === true && name.quantifier === "one")
    return "a key of several values matches no operator without ForAnyValue or ForAllValues, negated or not";
  if (value.kind === "array" && value.items.length === 0) return "an empty list matches nothing, negated or not";
  if (name.negated || values.length === 0) return null;
  return values.some((one) => canMatch(name.type, textOf(one))) ? null : "none of the values can match anything";
}

/** What an operator reads the value of a request as, where a value that it cannot read makes it false. */
const read: Partial<Readonly<Record<ValueType, string>>> = {
  IpAddress: "an address",
  Arn: "an ARN",
  Numeric: "a number",
  Date: "a date",
  Bool: "true",
};

/**
 * A value in the request that cannot be read as an address or an ARN matches neither the operator nor its negation; one
 * that is no number or date is neither less nor greater; and what is not `true` is false. An operator that asks for one
 * value alone loses nothing by that.
 */
function checkUnreadable(report: Report, { operator, key, values }: ClauseView, name: OperatorName): void {
  const type = read[name.type];
  const spares =
    name.negated ||
    /Than/.test(name.base) ||
    (name.type === "Bool" && values.some((value) => textOf(value).toLowerCase() === "true"));
  const readable = name.negated && (name.type === "Numeric" || name.type === "Date");
  if (type === undefined || !spares || readable) return;
  report.add("DENY_SPARES_UNREADABLE_VALUES", key, { key: key.value, operator: operator.value, type });
}

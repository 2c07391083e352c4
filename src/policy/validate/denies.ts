/**
 * Denies that do not deny what they seem to, because of how AWS reads values and compares (observed on AWS, September 2026).
 * The engine does as AWS does, so that only a finding tells.
 */
import type { OperatorName, ValueType } from "../grammar/operators.ts";
import type { ConditionKeyType } from "../context-key.ts";
import type { Report } from "./finding.ts";
import { describedKey } from "./known-keys.ts";
import { canMatch } from "./readable.ts";
import type { ServiceData } from "./services.ts";
import { textOf } from "./statement.ts";
import type { ClauseView, StatementView } from "./statement.ts";

export function checkDenies(report: Report, statement: StatementView, services: ServiceData | undefined): void {
  if (statement.effect !== "Deny") return;
  for (const clause of statement.clauses) {
    const reason = whyNever(clause);
    if (reason !== null) report.add("DENY_NEVER_APPLIES", clause.key, { key: clause.key.value, reason });
    else if (clause.name !== null) checkUnreadable(report, clause, clause.name, services);
  }
}

function whyNever({ operator, name, value, values }: ClauseView): string | null {
  if (/^ForAnyValue:Null$/i.test(operator.value)) return "ForAnyValue:Null is always false";
  if (name === null) return null;
  if (value.kind === "array" && value.items.length === 0) return "an empty list matches nothing, negated or not";
  if (name.negated || values.length === 0) return null;
  return values.some((one) => canMatch(name.type, textOf(one))) ? null : "none of the values can match anything";
}

/** The type of key whose values an operator can always read. */
const readers: Partial<Readonly<Record<ValueType, ConditionKeyType>>> = {
  IpAddress: "IPAddress",
  Arn: "ARN",
  Numeric: "Numeric",
  Date: "Date",
};

/**
 * A value in the request that cannot be read as an address or an ARN matches neither the operator nor its negation; one
 * that is no number or date is neither less nor greater. An operator that asks for one value alone loses nothing by that.
 */
function checkUnreadable(
  report: Report,
  { operator, key }: ClauseView,
  name: OperatorName,
  services: ServiceData | undefined,
): void {
  const type = readers[name.type];
  const open = type === "IPAddress" || type === "ARN" ? name.negated : /Than/.test(name.base);
  if (type === undefined || !open || describedKey(key.value, services)?.type !== "String") return;
  report.add("DENY_SPARES_UNREADABLE_VALUES", key, {
    key: key.value,
    operator: operator.value,
    type: nouns[type] ?? "",
  });
}

const nouns: Partial<Readonly<Record<ConditionKeyType, string>>> = {
  IPAddress: "address",
  ARN: "ARN",
  Numeric: "number",
  Date: "date",
};

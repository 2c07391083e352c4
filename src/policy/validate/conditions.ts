/** Conditions: form, operators, and whether the keys exist, have the operator's type and apply to the actions. */
import { baseOf } from "../grammar/operators.ts";
import type { OperatorName, ValueType } from "../grammar/operators.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { knownContextKey } from "../context-key.ts";
import type { ConditionKeyType } from "../context-key.ts";
import { foldName } from "../name.ts";
import { actionsOf } from "./actions.ts";
import type { Report } from "./finding.ts";
import { describedKey, prefixOf } from "./known-keys.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { ConditionKeyData, ServiceData } from "./services.ts";
import { isKey, ownServices } from "./services.ts";
import type { ClauseView, StatementView } from "./statement.ts";
import { checkTagKey, isTagKey } from "./tag-keys.ts";

/** Form of the Condition element. */
export function checkConditionForm(report: Report, statement: JsonObject): void {
  const condition = memberOf(statement, "Condition");
  if (condition === undefined) return;
  if (condition.kind !== "object") {
    report.add("DATA_TYPE_MISMATCH", condition, { dataType: "Object" });
    return;
  }
  if (condition.members.length === 0) report.add("EMPTY_OBJECT_CONDITION", condition);
  for (const { value: block } of condition.members) {
    if (block.kind !== "object") {
      report.add("DATA_TYPE_MISMATCH", block, { dataType: "Object" });
      continue;
    }
    if (block.members.length === 0) report.add("EMPTY_OBJECT_CONDITION", block);
    checkKeySpelling(report, block);
    for (const { value } of block.members) checkValueForm(report, value);
  }
}

function checkKeySpelling(report: Report, block: JsonObject): void {
  const seen = new Set<string>();
  for (const { key } of block.members) {
    const folded = key.value.toLowerCase();
    if (seen.has(folded)) report.add("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", key, { key: key.value });
    seen.add(folded);
  }
}

function checkValueForm(report: Report, value: JsonNode): void {
  const items = value.kind === "array" ? value.items : [value];
  for (const item of items) {
    if (item.kind === "object" || item.kind === "array" || item.kind === "null") {
      report.add("DATA_TYPE_MISMATCH", item, { dataType: "String" });
    }
  }
  if (new Set(items.map(({ kind }) => kind)).size > 1) report.add("INVALID_CONDITION_DATA_TYPE", value);
}

/** Operators and keys of the clauses of a statement. */
export function checkClauses(report: Report, statement: StatementView, services: ServiceData | undefined): void {
  for (const clause of statement.clauses) {
    checkOperator(report, clause);
    if (statement.effect === "Allow" && /^ForAllValues:Null$/i.test(clause.operator.value)) {
      report.add("CONDITION_ALWAYS_TRUE", clause.operator);
    }
    checkEmpty(report, clause);
    if (isTagKey(clause.key.value)) checkTagKey(report, statement, clause, services);
    if (!checkKeyForm(report, clause)) continue;
    const known = describedKey(clause.key.value, services);
    if (known && clause.name !== null) checkKeyType(report, statement, clause, clause.name, known);
    if (services === undefined) continue;
    if (known === null) checkUnknownKey(report, clause, services);
    checkApplies(report, statement, clause, services);
  }
}

function checkOperator(report: Report, { operator, name }: ClauseView): void {
  if (baseOf(operator.value) === "null") {
    if (/ifexists$/i.test(operator.value)) report.add("NULL_WITH_IF_EXISTS", operator);
    else if (operator.value.includes(":")) report.add("NULL_WITH_QUALIFIER", operator);
  } else if (name === null) report.add("INVALID_CONDITION_OPERATOR", operator, { operator: operator.value });
}

function checkEmpty(report: Report, { name, key, value }: ClauseView): void {
  if (value.kind !== "array" || value.items.length > 0) return;
  const code =
    name?.quantifier === "all"
      ? "EMPTY_ARRAY_CONDITION_FORALLVALUES"
      : name?.quantifier === "any"
        ? "EMPTY_ARRAY_CONDITION_FORANYVALUE"
        : name?.ifExists
          ? "EMPTY_ARRAY_CONDITION_IFEXISTS"
          : "EMPTY_ARRAY_CONDITION";
  report.add(code, value, { key: key.value });
}

function checkKeyForm(report: Report, { key }: ClauseView): boolean {
  const withoutSlash = key.value.replace(/\/$/, "");
  if (!withoutSlash.includes("/") && knownContextKey(foldName(`${withoutSlash}/tag`)) !== undefined) {
    report.add("MISSING_TAG_KEY_IN_CONDITION", key, { conditionKeyName: `${withoutSlash}/` });
  } else if (/^aws:ARN$/i.test(key.value)) {
    report.add("UNSUPPORTED_GLOBAL_CONDITION_KEY", key);
  } else if (!/^[^\s:]+:\S.*$/.test(key.value)) {
    report.add("INVALID_CONDITION_KEY_FORMAT", key);
  } else return true;
  return false;
}

function checkUnknownKey(report: Report, { key }: ClauseView, services: ServiceData): void {
  const prefix = prefixOf(key.value);
  const candidates = prefix === "aws" ? services.globalKeys : (services.service(prefix)?.conditionKeys ?? []);
  const suggestion = didYouMean(
    nearest(
      key.value,
      candidates.map((candidate) => candidate.key),
    ),
  );
  if (prefix === "aws") report.add("INVALID_GLOBAL_CONDITION_KEY", key, { key: key.value, suggestion });
  else report.add("INVALID_SERVICE_CONDITION_KEY", key, { key: key.value, service: prefix, suggestion });
}

/**
 * Types of operators that make sense for a key, the key's own first (reference_policies_elements_condition_operators). The
 * text of a tag or of an encryption context may be an ARN: Access Analyzer takes Arn operators there (recorded from AWS,
 * March 2026).
 */
const operatorTypes: Readonly<Record<ConditionKeyType, readonly [ValueType, ...ValueType[]]>> = {
  String: ["String", "Arn"],
  ARN: ["Arn", "String"],
  Bool: ["Bool"],
  Numeric: ["Numeric"],
  // aws:EpochTime is documented for both.
  Date: ["Date", "Numeric"],
  IPAddress: ["IpAddress"],
  Binary: ["Binary"],
};

function checkKeyType(
  report: Report,
  statement: StatementView,
  { operator, key }: ClauseView,
  name: OperatorName,
  known: ConditionKeyData,
): void {
  if (name.type === "Null") return;
  const allowed = operatorTypes[known.type];
  if (!allowed.includes(name.type)) {
    report.add("TYPE_MISMATCH", key, { allowed: allowed[0], operator: operator.value, key: key.value });
  }
  if (known.type === "ARN" && name.type === "String" && name.base.endsWith("Like")) {
    report.add("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", key, { operator: operator.value, key: key.value });
  }
  if (known.multivalued && name.quantifier === "one") report.add("MISSING_QUALIFIER", key, { key: key.value });
  // In a Deny the condition that is true for a missing key denies more, which is not permissive.
  if (!known.multivalued && name.quantifier === "all" && statement.effect === "Allow") {
    report.add("FORALLVALUES_WITH_SINGLE_VALUED_KEY", key, { key: key.value });
  }
}

/**
 * Whether the key can be in a request for the actions. Actions with wildcards are not judged, as Access Analyzer does
 * not, and neither are keys of the identity providers and `aws:` keys; those of tags are judged by themselves.
 */
function checkApplies(report: Report, statement: StatementView, { key }: ClauseView, services: ServiceData): void {
  const prefix = prefixOf(key.value);
  const anywhere = prefix === "aws" || services.globalKeys.some((known) => isKey(known.key, key.value));
  if (anywhere || services.service(prefix) === undefined) return;
  const without = statement.actions
    .filter(({ value }) => !/[*?]/.test(value))
    .filter(({ value }) => {
      const [action] = actionsOf(value, services);
      return action !== undefined && !action.conditionKeys.some((candidate) => isKey(candidate, key.value));
    })
    .map(({ value }) => value);
  if (without.length === 0) return;
  const code = ownServices.has(prefix) ? "UNSUPPORTED_ACTION_FOR_CONDITION_KEY" : "UNDOCUMENTED_KEY_FOR_ACTION";
  report.add(code, key, { actions: without.join(", "), key: key.value });
}

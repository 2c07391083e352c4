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
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { ConditionKeyData, ServiceData } from "./services.ts";
import { isKey } from "./services.ts";
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
    checkEmpty(report, clause);
    if (isTagKey(clause.key.value)) checkTagKey(report, statement, clause, services);
    if (!checkKeyForm(report, clause)) continue;
    const known = ownKey(clause.key.value) ?? (services && describedKey(clause.key.value, services));
    if (known && clause.name !== null) checkKeyType(report, statement, clause, clause.name, known);
    if (services === undefined) continue;
    if (known === null) checkUnknownKey(report, clause, services);
    checkApplies(report, statement, clause, services);
  }
}

function checkOperator(report: Report, { operator, name }: ClauseView): void {
  if (name !== null) return;
  if (baseOf(operator.value) !== "null") {
    report.add("INVALID_CONDITION_OPERATOR", operator, { operator: operator.value });
  } else if (/ifexists$/i.test(operator.value)) report.add("NULL_WITH_IF_EXISTS", operator);
  else report.add("NULL_WITH_QUALIFIER", operator);
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

function prefixOf(key: string): string {
  return key.slice(0, key.indexOf(":")).toLowerCase();
}

/** What rolecall's own table says of a key: so much is known without service data. */
function ownKey(key: string): ConditionKeyData | undefined {
  const row = knownContextKey(foldName(key));
  return row && { key: row.name, type: row.type, multivalued: row.values === "many" };
}

/** The key's description; null when its service is known and has no such key; undefined when that is not known. */
function describedKey(key: string, services: ServiceData): ConditionKeyData | null | undefined {
  const prefix = prefixOf(key);
  const described = services.globalKeys.find((candidate) => isKey(candidate.key, key));
  if (described !== undefined) return described;
  if (prefix === "aws") return null;
  const service = services.service(prefix);
  // Identity providers have prefixes with a dot (token.actions.githubusercontent.com:sub); SAML's is `saml`.
  if (service === undefined) return undefined;
  return service.conditionKeys.find((candidate) => isKey(candidate.key, key)) ?? null;
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

/** Types of operators that make sense for a key (reference_policies_elements_condition_operators). */
const operatorTypes: Readonly<Record<ConditionKeyType, readonly ValueType[]>> = {
  String: ["String"],
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
    report.add("TYPE_MISMATCH", key, { allowed: allowed.join(" or "), operator: operator.value, key: key.value });
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
  report.add("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", key, { actions: without.join(", "), key: key.value });
}

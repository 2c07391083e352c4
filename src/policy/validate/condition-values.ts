/** Values of conditions: do they have the type that the operator compares, and do they say what is meant. */
import { isPolicyDate } from "../grammar/dates.ts";
import type { OperatorName } from "../grammar/operators.ts";
import { addressBlock, isPrivate, whyEmpty } from "./addresses.ts";
import type { Report } from "./finding.ts";
import { isNumber } from "../grammar/values.ts";
import { isArnPattern, isBase64 } from "./readable.ts";
import type { ClauseView, Scalar, StatementView } from "./statement.ts";
import { textOf } from "./statement.ts";

export function checkValues(report: Report, statement: StatementView): void {
  for (const clause of statement.clauses) {
    const { name } = clause;
    if (name === null) continue;
    for (const value of clause.values) checkValue(report, clause, name, value);
    if (name.base === "StringLike" && name.quantifier === "one" && !name.ifExists) checkAnyValue(report, clause);
    if (name.type === "Bool" && clause.values.length > 1) {
      report.add("INVALID_CONDITION_MULTIPLE_BOOLEAN", clause.value);
    }
    if (name.type === "Numeric") checkBounds(report, clause, name);
    if (name.type === "IpAddress") checkPrivate(report, clause, name);
    checkNetworkIds(report, clause);
    checkCallingServices(report, clause);
  }
  checkPairs(report, statement);
}

function checkValue(report: Report, { operator }: ClauseView, name: OperatorName, value: Scalar): void {
  const text = textOf(value);
  // What a variable will stand for is not known; where it is not allowed at all, that is another finding.
  if (text.includes("${")) {
    if (name.type === "String") checkWildcard(report, name, value, text);
    return;
  }
  switch (name.type) {
    case "Bool":
    case "Null":
      if (!/^(true|false)$/i.test(text)) report.add("TYPE_MISMATCH_BOOLEAN", value, { operator: operator.value });
      break;
    case "Numeric":
      if (!isNumber(text)) {
        report.add("TYPE_MISMATCH_NUMBER", value, { operator: operator.value });
      }
      break;
    case "Date":
      if (/^-?\d{5,}$/.test(text)) report.add("INVALID_DATE_VALUE", value, { date: text });
      else if (!isPolicyDate(text)) report.add("TYPE_MISMATCH_DATE", value);
      break;
    case "Binary":
      if (!isBase64(text)) {
        report.add("TYPE_MISMATCH_STRING", value, { operator: operator.value });
      }
      break;
    case "IpAddress":
      checkAddress(report, operator.value, value, text);
      break;
    case "String":
      checkWildcard(report, name, value, text);
      break;
    case "Arn":
      if (!isArnPattern(text)) report.add("TYPE_MISMATCH_ARN", value, { operator: operator.value });
      break;
  }
}

/** A lone `*`, which takes every value (recorded from AWS, March 2026, of texts and of lists of one). */
function checkAnyValue(report: Report, { key, values }: ClauseView): void {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0 || textOf(value) !== "*") return;
  report.add("EQUIVALENT_TO_NULL_FALSE", value, { key: key.value });
}

function checkWildcard(report: Report, name: OperatorName, value: Scalar, text: string): void {
  if (!name.base.includes("Like") && /[*?]/.test(text.replaceAll(/\$\{[^}]*\}/g, ""))) {
    report.add("WILDCARD_WITHOUT_LIKE_OPERATOR", value);
  }
}

function checkAddress(report: Report, operator: string, value: Scalar, text: string): void {
  const block = addressBlock(text);
  const reason = block && whyEmpty(block, text);
  if (block === null) report.add("TYPE_MISMATCH_IP_RANGE", value, { operator });
  else if (reason !== null) report.add("IP_RANGE_MATCHES_NOTHING", value, { range: text, reason });
  else if (block.canonical !== null) report.add("IMPROVE_IP_RANGE", value, { addr: block.canonical });
}

/** Of several numbers one decides: any of them suffices, so the least demanding does. */
function checkBounds(report: Report, { operator, key, value, values }: ClauseView, name: OperatorName): void {
  const least = /LessThan/.test(name.base);
  if (values.length < 2 || !/(Less|Greater)Than/.test(name.base)) return;
  report.add("REDUNDANT_CONDITION_VALUE_NUM", value, {
    operator: operator.value,
    bound: least ? "greatest" : "least",
    key: key.value,
  });
}

function checkPrivate(report: Report, { key, value, values }: ClauseView, name: OperatorName): void {
  if (key.value.toLowerCase() !== "aws:sourceip") return;
  const blocks = values.map((item) => addressBlock(textOf(item))).filter((block) => block !== null);
  const hidden = blocks.filter(isPrivate).length;
  if (hidden === 0) return;
  const all = hidden === blocks.length;
  if (name.negated) report.add(all ? "PRIVATE_NOT_IP_ADDRESS" : "PRIVATE_NOT_IP_ADDRESS_SUBSET", value);
  else report.add(all ? "PRIVATE_IP_ADDRESS" : "PRIVATE_IP_ADDRESS_SUBSET", value);
}

function checkNetworkIds(report: Report, { key, name, values }: ClauseView): void {
  const kind = /^aws:source(vpce?)$/i.exec(key.value)?.[1]?.toLowerCase();
  if (kind === undefined || name?.type !== "String") return;
  for (const value of values) {
    const text = textOf(value);
    if (/[*?]|\$\{/.test(text) || new RegExp(`^${kind}-([0-9a-z]{8}|[0-9a-z]{17})$`, "i").test(text)) continue;
    report.add(kind === "vpc" ? "INVALID_VPC_FORMAT" : "INVALID_VPCE_FORMAT", value);
  }
}

/**
 * The services that a request came through, whose names have one part before the domain. Keys that a service's name may
 * stand in with more parts (iam:PassedToService, iam:AWSServiceName) are not held to that (recorded from AWS, March 2026).
 */
function checkCallingServices(report: Report, { key, name, values }: ClauseView): void {
  if (name?.type !== "String" || !/^aws:CalledVia(First|Last)?$/i.test(key.value)) return;
  for (const value of values) {
    const text = textOf(value);
    if (/[*?]|\$\{/.test(text) || /^[a-z0-9-]+\.(amazonaws\.com(\.cn)?|amazon\.com)$/.test(text)) continue;
    report.add("INVALID_SERVICE_PRINCIPAL_FORMAT", value, { expectedFormat: "service.amazonaws.com" });
  }
}

/** Private addresses are the same in many networks: aws:VpcSourceIp alone does not tell whose. */
function checkPairs(report: Report, { effect, clauses }: StatementView): void {
  const has = (key: string) => clauses.some((clause) => clause.key.value.toLowerCase() === key);
  if (effect !== "Allow" || has("aws:sourcevpc") || has("aws:sourcevpce")) return;
  const clause = clauses.find(({ key }) => key.value.toLowerCase() === "aws:vpcsourceip");
  if (clause === undefined) return;
  report.add("MISSING_PAIRED_CONDITION_KEYS", clause.key, {
    conditionKeyName: "aws:VpcSourceIp",
    recommendedKeys: "aws:SourceVpc, aws:SourceVpce",
  });
}

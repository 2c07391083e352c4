/** Policy variables: where they may stand and how they are written (IAM User Guide, reference_policies_variables). */
import type { JsonNode, JsonString } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import type { Report } from "./finding.ts";
import { describedKey } from "./known-keys.ts";
import type { ServiceData } from "./services.ts";
import { stringNodes } from "./statement.ts";
import type { StatementView } from "./statement.ts";

/** `version` is the document's: only 2012-10-17 has variables. */
export function checkVariables(
  report: Report,
  statement: StatementView,
  version: string | undefined,
  services: ServiceData | undefined,
): void {
  for (const node of unsupportedPlaces(statement)) {
    const [variable] = variablesOf(node.value);
    if (variable !== undefined) report.add("VARIABLE_UNSUPPORTED_IN_ELEMENT", node, { variable: variable.text });
  }
  for (const node of [...statement.resources, ...statement.notResources]) checkText(report, node, version, services);
  for (const { name, values } of statement.clauses) {
    for (const value of values) {
      if (value.kind !== "string") continue;
      checkText(report, value, version, services);
      const type = name?.type;
      // The page names String and Arn operators; Bool takes them too (facts recorded for the engine).
      const takes = type === undefined || type === "String" || type === "Arn" || type === "Bool";
      if (!takes && variablesOf(value.value).length > 0) report.add("INVALID_VARIABLE_FOR_OPERATOR", value);
    }
  }
}

function unsupportedPlaces(statement: StatementView): JsonString[] {
  const principals = ["Principal", "NotPrincipal"]
    .map((element) => memberOf(statement.node, element))
    .flatMap((node) => (node?.kind === "object" ? node.members.map(({ value }): JsonNode => value) : [node]))
    .flatMap(stringNodes);
  return [...statement.actions, ...statement.notActions, ...principals];
}

function checkText(
  report: Report,
  node: JsonString,
  version: string | undefined,
  services: ServiceData | undefined,
): void {
  const variables = variablesOf(node.value);
  if (variables.length === 0) return;
  if (version !== "2012-10-17") {
    report.add("VARIABLE_UNSUPPORTED_IN_VERSION", node);
    return;
  }
  for (const { name, closed } of variables) {
    if (!closed) report.add("MISSING_BRACE_IN_VARIABLE", node);
    else checkName(report, node, name, services);
  }
}

function checkName(report: Report, node: JsonString, name: string, services: ServiceData | undefined): void {
  if (name.trim() === "") {
    report.add("EMPTY_VARIABLE", node);
    return;
  }
  const comma = name.indexOf(",");
  const key = comma < 0 ? name : name.slice(0, comma);
  // A list of values fills no variable, and a default neither (observed on AWS, September 2026).
  if (describedKey(key, services)?.multivalued === true) report.add("MULTIVALUED_KEY_IN_VARIABLE", node, { key });
  // A tag's key may have spaces (aws:PrincipalTag/cost center).
  if (/\s/.test(key.replace(/\/.*/, ""))) report.add("UNSUPPORTED_SPACE_IN_VARIABLE", node);
  if (comma >= 0 && !/^, '[^']*'$/.test(name.slice(comma))) report.add("MISSING_QUOTE_IN_VARIABLE", node);
}

interface Variable {
  readonly text: string;
  readonly name: string;
  readonly closed: boolean;
}

function variablesOf(text: string): Variable[] {
  const found: Variable[] = [];
  for (let open = text.indexOf("${"); open >= 0;) {
    const close = text.indexOf("}", open);
    const end = close < 0 ? text.length : close + 1;
    found.push({
      text: text.slice(open, end),
      name: text.slice(open + 2, close < 0 ? end : close),
      closed: close >= 0,
    });
    open = text.indexOf("${", end);
  }
  return found;
}

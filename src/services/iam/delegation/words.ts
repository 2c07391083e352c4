/** A policy in plain words, for whoever has to decide about it. */
import { parse } from "../../../policy/index.ts";
import type { ConditionClause, Statement } from "../../../policy/index.ts";

/** @param policy its text; it is a valid one. @returns lines: what it may do, and what it may not */
export function permissionsInWords(policy: string): readonly string[] {
  const { statements } = parse(policy);
  const of = (effect: Statement["effect"]) => statements.filter((one) => one.effect === effect);
  return [...told("It may:", of("Allow")), ...told("Whatever else is allowed, it may not:", of("Deny"))];
}

function told(title: string, statements: readonly Statement[]): readonly string[] {
  return statements.length === 0 ? [] : [title, ...statements.map((one) => `- ${statementInWords(one)}`)];
}

function statementInWords(statement: Statement): string {
  const { condition = [] } = statement;
  const what = `${actionsInWords(statement)} ${resourcesInWords(statement)}`;
  return condition.length === 0 ? what : `${what}, only if ${condition.map(clauseInWords).join(" and ")}`;
}

function actionsInWords({ action, notAction }: Statement): string {
  if (notAction !== undefined) return `do everything except ${listed(notAction, "and")}`;
  return listed((action ?? []).map(actionInWords), "and");
}

/** `s3:*` → everything in s3; `iam:Get*` → everything in iam that begins with Get. */
function actionInWords(action: string): string {
  const [service = "", name = ""] = action.split(":");
  if (service === "*") return "do everything in all services";
  if (name === "*") return `do everything in ${service}`;
  if (/^[^*?]+\*$/.test(name)) return `do everything in ${service} that begins with ${name.slice(0, -1)}`;
  return `call ${action}`;
}

function resourcesInWords({ resource, notResource }: Statement): string {
  if (notResource !== undefined) return `on all resources except ${listed(notResource, "and")}`;
  return (resource ?? []).includes("*") ? "on all resources" : `on ${listed(resource ?? [], "and")}`;
}

/** The operators that people write, in words; all others as they are written. */
const operators: Readonly<Record<string, string>> = {
  stringequals: "is",
  stringequalsignorecase: "is (in any case)",
  stringnotequals: "is not",
  stringlike: "is like",
  stringnotlike: "is not like",
  arnequals: "is",
  arnlike: "is like",
  arnnotequals: "is not",
  arnnotlike: "is not like",
  bool: "is",
  numericequals: "is",
  numericlessthan: "is less than",
  numericlessthanequals: "is at most",
  numericgreaterthan: "is more than",
  numericgreaterthanequals: "is at least",
  datelessthan: "is before",
  dategreaterthan: "is after",
  ipaddress: "is in",
  notipaddress: "is not in",
};

function clauseInWords({ operator, key, values }: ConditionClause): string {
  const [, quantifier, base, ifExists] = /^(?:(\w+):)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
  if (base?.toLowerCase() === "null") return `${key} is ${values.includes("true") ? "absent" : "present"}`;
  const words = operators[base?.toLowerCase() ?? ""] ?? operator;
  const which =
    { forallvalues: "every value of ", foranyvalue: "some value of " }[quantifier?.toLowerCase() ?? ""] ?? "";
  return `${which}${key} ${words} ${listed(values, "or")}${ifExists === undefined ? "" : ", where it is there"}`;
}

/** `a, b and c` */
export function listed(texts: readonly string[], last: "and" | "or"): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${last} ${texts.at(-1)!}`;
}

/** Statements that change nothing: another one says the same or more, or a Deny takes all of it away. */
import type { JsonNode } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { coversAll } from "./covers.ts";
import type { Report } from "./finding.ts";
import type { StatementView } from "./statement.ts";

/** Documents with more statements are not compared pair by pair. */
const comparedStatements = 300;

export function checkRedundancy(report: Report, statements: readonly StatementView[]): void {
  if (statements.length > comparedStatements) return;
  for (const statement of statements) {
    const deny = statements.find(
      (other) => other.effect === "Deny" && statement.effect === "Allow" && within(statement, other),
    );
    if (deny !== undefined) {
      report.add("UNREACHABLE_STATEMENT", statement.node, { other: nameOf(deny) });
      continue;
    }
    const other = statements.find((candidate) => makesRedundant(candidate, statement));
    if (other !== undefined) report.add("REDUNDANT_STATEMENT", statement.node, { other: nameOf(other) });
  }
}

/** Of two statements that say the same only the later is redundant. */
function makesRedundant(other: StatementView, statement: StatementView): boolean {
  if (other.effect === null || other.effect !== statement.effect) return false;
  return within(statement, other) && (other.index < statement.index || !within(other, statement));
}

/** Whether `outer` applies to every request that `inner` applies to. */
function within(inner: StatementView, outer: StatementView): boolean {
  return (
    withinCondition(inner, outer) &&
    withinPrincipal(inner, outer) &&
    withinList(inner, outer, "Action") &&
    withinList(inner, outer, "Resource")
  );
}

function withinCondition(inner: StatementView, outer: StatementView): boolean {
  const condition = memberOf(outer.node, "Condition");
  if (condition === undefined || (condition.kind === "object" && condition.members.length === 0)) return true;
  return same(memberOf(inner.node, "Condition"), condition);
}

function withinPrincipal(inner: StatementView, outer: StatementView): boolean {
  const principal = memberOf(outer.node, "Principal");
  if (principal?.kind === "string" && principal.value === "*" && memberOf(inner.node, "Principal") !== undefined) {
    return true;
  }
  return (
    same(memberOf(inner.node, "Principal"), principal) &&
    same(memberOf(inner.node, "NotPrincipal"), memberOf(outer.node, "NotPrincipal"))
  );
}

function withinList(inner: StatementView, outer: StatementView, element: "Action" | "Resource"): boolean {
  const lists = (view: StatementView) =>
    element === "Action"
      ? { plain: view.actions.map(({ value }) => value.toLowerCase()), negated: view.notActions }
      : { plain: view.resources.map(({ value }) => value), negated: view.notResources };
  const a = lists(inner);
  const b = lists(outer);
  const negated = `Not${element}`;
  if (memberOf(inner.node, negated) !== undefined || memberOf(outer.node, negated) !== undefined) {
    if (b.plain.includes("*") && b.negated.length === 0) return true;
    return same(memberOf(inner.node, negated), memberOf(outer.node, negated));
  }
  // A trust policy has no Resource at all.
  if (memberOf(outer.node, element) === undefined) return memberOf(inner.node, element) === undefined;
  return a.plain.length > 0 && coversAll(b.plain, a.plain);
}

/** The same JSON, whatever the order of keys and lists; a lone value is a list of one. */
function same(a: JsonNode | undefined, b: JsonNode | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(node: JsonNode | undefined): string {
  switch (node?.kind) {
    case undefined:
      return "";
    case "object":
      return `{${node.members
        .map(({ key, value }) => `${JSON.stringify(key.value)}:${canonical(value)}`)
        .toSorted()
        .join()}}`;
    case "array":
      return node.items.length === 1 ? canonical(node.items[0]) : `[${node.items.map(canonical).toSorted().join()}]`;
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return JSON.stringify(node.text);
    case "boolean":
      return JSON.stringify(String(node.value));
    case "null":
      return "null";
  }
}

function nameOf(statement: StatementView): string {
  const sid = memberOf(statement.node, "Sid");
  return sid?.kind === "string" && sid.value !== "" ? `statement ${sid.value}` : `statement ${statement.index + 1}`;
}

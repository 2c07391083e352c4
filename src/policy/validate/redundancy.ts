/** Statements that change nothing: another one says the same or more, or a Deny takes all of it away. */
import type { JsonNode, JsonString } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { coverageOfAll } from "./covers.ts";
import type { Report } from "./finding.ts";
import type { StatementView } from "./statement.ts";

/** Documents with more statements are not compared pair by pair. */
const comparedStatements = 300;

export function checkRedundancy(report: Report, statements: readonly StatementView[]): void {
  if (statements.length > comparedStatements) return;
  const reaches = statements.map(reachOf);
  for (const reach of reaches) {
    const deny = reaches.find(
      (other) => other.view.effect === "Deny" && reach.view.effect === "Allow" && within(reach, other),
    );
    if (deny !== undefined) {
      report.add("UNREACHABLE_STATEMENT", reach.view.node, { other: nameOf(deny.view) });
      continue;
    }
    const other = reaches.find((candidate) => makesRedundant(candidate, reach));
    if (other === undefined) continue;
    const code = within(other, reach) ? "REDUNDANT_STATEMENT" : "COVERED_STATEMENT";
    report.add(code, reach.view.node, { other: nameOf(other.view) });
  }
}

/** What a statement applies to, made ready to be compared with the others. Texts of elements are canonical. */
interface Reach {
  readonly view: StatementView;
  /** Empty where there is no condition, or an empty one. */
  readonly condition: string;
  readonly principal: string;
  readonly notPrincipal: string;
  readonly action: List;
  readonly resource: List;
}

interface List {
  /** Null where there is no such element. */
  readonly plain: readonly string[] | null;
  readonly negated: string;
  /** Whether each text is taken in by one of `plain`. */
  readonly covers: (texts: readonly string[]) => boolean;
}

function reachOf(view: StatementView): Reach {
  const text = (element: string) => canonical(memberOf(view.node, element));
  const condition = text("Condition");
  const fold = (nodes: readonly JsonString[]) => nodes.map(({ value }) => value.toLowerCase());
  const list = (element: "Action" | "Resource", texts: readonly string[]): List => ({
    plain: memberOf(view.node, element) === undefined ? null : texts,
    negated: text(`Not${element}`),
    covers: coverageOfAll(texts),
  });
  return {
    view,
    condition: condition === "{}" ? "" : condition,
    principal: text("Principal"),
    notPrincipal: text("NotPrincipal"),
    action: list("Action", fold(view.actions)),
    resource: list(
      "Resource",
      view.resources.map(({ value }) => value),
    ),
  };
}

/** Of two statements that say the same only the later is redundant. */
function makesRedundant(other: Reach, reach: Reach): boolean {
  if (other.view.effect === null || other.view.effect !== reach.view.effect) return false;
  return within(reach, other) && (other.view.index < reach.view.index || !within(other, reach));
}

/** Whether `outer` applies to every request that `inner` applies to. */
function within(inner: Reach, outer: Reach): boolean {
  return (
    (outer.condition === "" || inner.condition === outer.condition) &&
    withinPrincipal(inner, outer) &&
    withinList(inner.action, outer.action) &&
    withinList(inner.resource, outer.resource)
  );
}

function withinPrincipal(inner: Reach, outer: Reach): boolean {
  if (outer.principal === '"*"' && inner.principal !== "") return true;
  return inner.principal === outer.principal && inner.notPrincipal === outer.notPrincipal;
}

function withinList(inner: List, outer: List): boolean {
  if (inner.negated !== "" || outer.negated !== "") {
    return (outer.negated === "" && outer.plain?.includes("*") === true) || inner.negated === outer.negated;
  }
  // A trust policy has no Resource at all.
  if (outer.plain === null || inner.plain === null) return inner.plain === outer.plain;
  return inner.plain.length > 0 && outer.covers(inner.plain);
}

/**
 * The same text for the same JSON, whatever the order of keys and lists; a lone value is a list of one. Empty for what is
 * not there.
 */
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

/** A statement as far as it can be understood: what has a wrong JSON type is reported elsewhere and left out here. */
import type { PrincipalType } from "../document/document.ts";
import { parseOperatorName } from "../grammar/operators.ts";
import type { OperatorName } from "../grammar/operators.ts";
import type { JsonBoolean, JsonNode, JsonNumber, JsonObject, JsonString } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { principalTypes } from "../document/parse.ts";

export type Scalar = JsonString | JsonNumber | JsonBoolean;

export interface ClauseView {
  /** The operator as written; `name` is null when there is no such operator. */
  readonly operator: JsonString;
  readonly name: OperatorName | null;
  readonly key: JsonString;
  /** The node of the value or of the list. */
  readonly value: JsonNode;
  readonly values: readonly Scalar[];
}

export interface PrincipalView {
  readonly type: PrincipalType;
  readonly node: JsonString;
}

export interface StatementView {
  readonly node: JsonObject;
  readonly index: number;
  readonly effect: "Allow" | "Deny" | null;
  readonly actions: readonly JsonString[];
  readonly notActions: readonly JsonString[];
  readonly resources: readonly JsonString[];
  readonly notResources: readonly JsonString[];
  /** Principals with a type, of Principal only. */
  readonly principals: readonly PrincipalView[];
  readonly clauses: readonly ClauseView[];
}

export function statementView(node: JsonObject, index: number): StatementView {
  const effect = memberOf(node, "Effect");
  const principal = memberOf(node, "Principal");
  const condition = memberOf(node, "Condition");
  return {
    node,
    index,
    effect: effect?.kind === "string" && (effect.value === "Allow" || effect.value === "Deny") ? effect.value : null,
    actions: stringNodes(memberOf(node, "Action")),
    notActions: stringNodes(memberOf(node, "NotAction")),
    resources: stringNodes(memberOf(node, "Resource")),
    notResources: stringNodes(memberOf(node, "NotResource")),
    principals: principal?.kind === "object" ? principalViews(principal) : [],
    clauses: condition?.kind === "object" ? clauseViews(condition) : [],
  };
}

export function stringNodes(node: JsonNode | undefined): JsonString[] {
  if (node?.kind === "string") return [node];
  return node?.kind === "array" ? node.items.filter((item) => item.kind === "string") : [];
}

/** The principals of an object of lists. */
export function principalViews(node: JsonObject): PrincipalView[] {
  return node.members
    .filter(({ key }) => principalTypes.has(key.value))
    .flatMap(({ key, value }) => stringNodes(value).map((text) => ({ type: key.value as PrincipalType, node: text })));
}

function clauseViews(condition: JsonObject): ClauseView[] {
  const views: ClauseView[] = [];
  for (const { key: operator, value: block } of condition.members) {
    if (block.kind !== "object") continue;
    const name = parseOperatorName(operator.value);
    for (const { key, value } of block.members) views.push({ operator, name, key, value, values: scalarsOf(value) });
  }
  return views;
}

function scalarsOf(node: JsonNode): Scalar[] {
  return (node.kind === "array" ? node.items : [node]).filter(
    (item) => item.kind === "string" || item.kind === "number" || item.kind === "boolean",
  );
}

/** A condition value as the engine reads it: numbers and booleans are their text. */
export function textOf(value: Scalar): string {
  if (value.kind === "string") return value.value;
  return value.kind === "number" ? value.text : String(value.value);
}

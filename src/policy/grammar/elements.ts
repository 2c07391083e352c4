/** Reading the elements of statements from nodes, shared by the grammars of all kinds of document. */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { parseOperatorName } from "./operators.ts";

/** The strings of a lone string or a list; null when there is anything else in it. */
export function stringsOf(node: JsonNode, allowNull = false): string[] | null {
  if (node.kind === "string") return [node.value];
  if (node.kind !== "array") return null;
  const strings: string[] = [];
  for (const item of node.items) {
    if (item.kind === "string") strings.push(item.value);
    else if (item.kind !== "null" || !allowNull) return null;
  }
  return strings;
}

/** The strings of an element of a statement; empty when it is absent. */
export function elementStrings(statement: JsonObject, element: string): string[] {
  const node = memberOf(statement, element);
  return node === undefined ? [] : (stringsOf(node, true) ?? []);
}

/** The statement nodes of a document; null when Statement is absent, empty or not made of objects. */
export function statementsOf(root: JsonObject): readonly JsonObject[] | null {
  const node = memberOf(root, "Statement");
  if (node?.kind === "object") return [node];
  if (node?.kind !== "array" || node.items.length === 0) return null;
  return node.items.every((item) => item.kind === "object") ? node.items : null;
}

/**
 * Whether a Condition element has the form operator → key → values. An unknown operator is let pass while it holds no
 * key, as AWS does: it then says nothing.
 */
export function isCondition(node: JsonNode): boolean {
  if (node.kind !== "object") return false;
  return node.members.every(({ key, value }) => {
    if (value.kind !== "object") return false;
    if (value.members.length === 0) return true;
    return parseOperatorName(key.value) !== null && value.members.every((member) => isConditionValue(member.value));
  });
}

function isConditionValue(node: JsonNode): boolean {
  return node.kind === "array" ? node.items.every(isScalar) : isScalar(node);
}

function isScalar(node: JsonNode): boolean {
  return node.kind === "string" || node.kind === "number" || node.kind === "boolean";
}

/** The texts of a condition's value or list; numbers and booleans as written. */
export function scalarsOf(node: JsonNode): string[] {
  if (node.kind === "array") return node.items.flatMap(scalarsOf);
  if (node.kind === "string") return [node.value];
  if (node.kind === "number") return [node.text];
  return node.kind === "boolean" ? [String(node.value)] : [];
}

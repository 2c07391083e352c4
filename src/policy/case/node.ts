/** Reading the JSON of a case: what is null or absent is not there, and what is there has to be of its type. */
import type { JsonNode, JsonObject, JsonString } from "../../json/read.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import { CaseError } from "./fault.ts";

/** The value of a member; null where it is null or absent. */
export function member(object: JsonObject, name: string): JsonNode | null {
  const found = object.members.find(({ key }) => key.value === name)?.value;
  return found === undefined || found.kind === "null" ? null : found;
}

/** @throws CaseError for a member that is there and has another name */
export function onlyMembers(object: JsonObject, names: readonly string[], what: string): void {
  for (const { key, value } of object.members) {
    if (value.kind === "null" || names.includes(key.value)) continue;
    const guess = didYouMean(nearest(key.value, names));
    throw new CaseError(`${what} has no field ${JSON.stringify(key.value)}.${guess}`, key.start);
  }
}

export function objectNode(node: JsonNode | null, what: string, from: JsonNode): JsonObject {
  if (node?.kind === "object") return node;
  throw wrongType(node, what, "an object", from);
}

export function stringNode(node: JsonNode | null, what: string, from: JsonNode): JsonString {
  if (node?.kind === "string") return node;
  throw wrongType(node, what, "a string", from);
}

/** @param from where to point when the node itself is missing */
function wrongType(node: JsonNode | null, what: string, wanted: string, from: JsonNode): CaseError {
  return node === null
    ? new CaseError(`${what} is missing`, from.start)
    : new CaseError(`${what} must be ${wanted}`, node.start);
}

/** A lone value counts as a list of one. */
export function listOf(node: JsonNode | null): readonly JsonNode[] {
  if (node === null) return [];
  return node.kind === "array" ? node.items.filter((item) => item.kind !== "null") : [node];
}

import type { JsonNode, JsonObject } from "../../json/read.ts";

export function memberOf(object: JsonObject, name: string): JsonNode | undefined {
  return object.members.find(({ key }) => key.value === name)?.value;
}

/** Undefined where it is missing, or no string. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const node = memberOf(object, name);
  return node?.kind === "string" ? node.value : undefined;
}

export function isListOfTexts(node: JsonNode | undefined): boolean {
  return node?.kind === "array" && node.items.every(({ kind }) => kind === "string");
}

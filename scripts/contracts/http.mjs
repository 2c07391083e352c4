/**
 * Where HTTP carries what: the traits of Smithy's HTTP bindings (smithy.io/2.0/spec/http-bindings.html) as the SDK's
 * schemas have them, in the form of src/contracts/model.ts.
 */

/** Traits that a schema states as one number, by their bit (@smithy/core, schema/translateTraits). */
const BITS = { httpLabel: 1, sensitive: 8, httpPayload: 16, httpResponseCode: 32, httpQueryParams: 64 };

/** Whether the traits of a schema, or of one of its members, have this one. */
export function hasTrait(traits, name) {
  return typeof traits === "number" ? (traits & BITS[name]) !== 0 : traits?.[name] !== undefined;
}

/** Of an operation. The query and json protocols post everything to the root, and their schemas say nothing. */
export function httpOf(traits) {
  const [method, uri, status] = traits?.http ?? ["POST", "/", 200];
  return { method, uri, status };
}

/** Of a member; undefined for one that stands in the body. */
export function locationOf(traits, member) {
  if (hasTrait(traits, "httpLabel")) return { in: "uri", name: member };
  if (hasTrait(traits, "httpPayload")) return { in: "payload" };
  if (hasTrait(traits, "httpResponseCode")) return { in: "status" };
  if (hasTrait(traits, "httpQueryParams")) return { in: "queryParameters" };
  if (traits?.httpQuery !== undefined) return { in: "query", name: traits.httpQuery };
  if (traits?.httpHeader !== undefined) return { in: "header", name: traits.httpHeader };
  if (traits?.httpPrefixHeaders !== undefined) return { in: "headers", name: traits.httpPrefixHeaders };
  return undefined;
}

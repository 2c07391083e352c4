/** Makes a failing case small: takes away what it fails without, until nothing more can go. */
import type { Case, Json } from "./case.ts";

/** Elements of a statement that may not simply go: without them it would be another document, or none. */
const kept = new Set([
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Statement",
]);
const simpler: readonly [string, Json][] = [
  ["Action", "*"],
  ["Resource", "*"],
  ["Principal", "*"],
  ["Version", "2012-10-17"],
];

/** The smallest case found from `c` on that still fails; `fails(c)` must hold. */
export function shrink(c: Case, fails: (c: Case) => boolean): Case {
  let smallest = c;
  for (let found = true; found;) {
    found = false;
    for (const candidate of smallerThan(smallest)) {
      if (!fails(candidate)) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

function* smallerThan(c: Case): Generator<Case> {
  if (c.bindings !== undefined) {
    const { bindings: _, ...unbound } = c;
    yield unbound;
  }
  for (const policies of smaller(c.policies as unknown as Json))
    yield { ...c, policies: policies as unknown as Case["policies"] };
  for (const context of smaller((c.request.context ?? {}) as Json)) {
    yield {
      ...c,
      request: { ...c.request, context: context as NonNullable<Case["request"]["context"]> },
    };
  }
}

/** Values with one thing less, the largest things first. */
function* smaller(value: Json): Generator<Json> {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    for (const [n] of items.entries()) yield items.filter((_, m) => m !== n);
    for (const [n, item] of items.entries())
      for (const less of smaller(item)) yield items.map((other, m) => (m === n ? less : other));
    return;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key of Object.keys(object)) {
    if (kept.has(key) || key === "policies") continue;
    const { [key]: _, ...rest } = object;
    yield rest;
  }
  for (const [key, plain] of simpler)
    if (object[key] !== undefined && object[key] !== plain) yield { ...object, [key]: plain };
  for (const [key, item] of Object.entries(object)) {
    for (const less of smaller(item)) {
      // An empty list or element is another document, but for the lists of policies.
      const emptied = less !== null && typeof less === "object" && Object.keys(less).length === 0;
      if (!emptied || key === "identity" || key === "policies") yield { ...object, [key]: less };
    }
    if (Array.isArray(item) && item.length === 1 && kept.has(key)) yield { ...object, [key]: item[0] as Json };
  }
}

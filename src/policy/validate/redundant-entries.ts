/** Entries of a list of actions or resources that another entry of the list takes in. */
import type { JsonString } from "../../json/read.ts";
import { coverage } from "./covers.ts";

/** One entry, and those that it makes redundant, in the order of the text. */
export type RedundantGroup = readonly [kept: JsonString, first: JsonString, ...more: JsonString[]];

/** Comparisons of entries with wildcards that a list may cost; a list that costs more is not looked at. */
const comparisonLimit = 1_000_000;

/** A text with its test of what it takes in. */
interface Entry {
  readonly node: JsonString;
  readonly text: string;
  readonly covers: (text: string) => boolean;
}

/**
 * The redundant entries of a list by what makes them so, as Access Analyzer groups them (recorded from AWS, March 2026);
 * of two that say the same, the later one is redundant. `fold` gives the text that counts.
 */
export function redundantGroups(nodes: readonly JsonString[], fold: (text: string) => string): RedundantGroup[] {
  const entries = nodes.map((node): Entry => {
    const text = fold(node.value);
    return { node, text, covers: coverage(text) };
  });
  const wildcards = new Map(entries.filter(({ text }) => /[*?]/.test(text)).map((entry) => [entry.text, entry]));
  if (entries.length * wildcards.size > comparisonLimit) return [];
  const kept = new Map<string, [JsonString, ...JsonString[]]>();
  const redundant: Entry[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    if (seen.has(entry.text) || isCovered(entry, wildcards, seen)) redundant.push(entry);
    else kept.set(entry.text, [entry.node]);
    seen.add(entry.text);
  }
  for (const { node, text } of redundant) {
    // Of all that cover an entry, one is covered by none.
    const by = kept.has(text)
      ? text
      : [...wildcards.keys()].find((other) => kept.has(other) && wildcards.get(other)!.covers(text))!;
    kept.get(by)!.push(node);
  }
  return [...kept.values()].filter((group): group is [JsonString, JsonString, ...JsonString[]] => group.length > 1);
}

/** Of two patterns that cover each other (`s3:*` and `s3:**`) only the later is redundant. */
function isCovered(entry: Entry, wildcards: ReadonlyMap<string, Entry>, seen: ReadonlySet<string>): boolean {
  for (const other of wildcards.values()) {
    if (other.text === entry.text || !other.covers(entry.text)) continue;
    if (seen.has(other.text) || !entry.covers(other.text)) return true;
  }
  return false;
}

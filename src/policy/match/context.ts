import { foldName } from "../name.ts";
import type { Context, ContextValue } from "../types.ts";

/** A context from plain entries: names are folded once, here. */
export function contextOf(
  entries: Readonly<Record<string, ContextValue | boolean | number | null | undefined>>,
): Context {
  const map = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined || value === null) continue;
    map.set(foldName(key), typeof value === "object" ? value : String(value));
  }
  return map;
}

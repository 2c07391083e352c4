import { foldName } from "../name.ts";

/** Folded names of actions, kept because services ask for the same few over and over. */
const known = new Map<string, string>();
const limit = 4096;

export function foldAction(action: string): string {
  let folded = known.get(action);
  if (folded !== undefined) return folded;
  folded = foldName(action);
  if (known.size >= limit) known.clear();
  known.set(action, folded);
  return folded;
}

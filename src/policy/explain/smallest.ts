/** Of many sets of changes the ones to show. */
import { spend } from "../effort.ts";
import { isSame } from "./change.ts";
import type { Change } from "./types.ts";

/** Sets given at most: a person reads them. */
const mostSets = 8;

/** Without the sets that contain another, the smallest first. @throws PolicyEffortError */
export function smallest(sets: readonly Change[][]): Change[][] {
  let longest = 0;
  for (const set of sets) if (set.length > longest) longest = set.length;
  const kept: Change[][] = [];
  for (let size = 1; size <= longest; size++) {
    for (const set of sets) {
      if (set.length !== size || containsAnyOf(set, kept)) continue;
      kept.push(set);
      if (kept.length === mostSets) return kept;
    }
  }
  return kept;
}

function containsAnyOf(set: readonly Change[], kept: readonly (readonly Change[])[]): boolean {
  for (const smaller of kept) if (containsAll(set, smaller)) return true;
  return false;
}

function containsAll(set: readonly Change[], smaller: readonly Change[]): boolean {
  for (const one of smaller) if (!has(set, one)) return false;
  return true;
}

function has(set: readonly Change[], one: Change): boolean {
  spend(set.length);
  for (const other of set) if (isSame(one, other)) return true;
  return false;
}

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { cacheBudget } from "../store/cache-budget.ts";
import type { CacheBudget } from "../store/cache-budget.ts";

/**
 * V8 learns which allocations live long and then makes them in old space at once. Here it learns wrong: parts of
 * requests land in old space, keep young objects alive, and a scavenge takes tens of milliseconds instead of a fraction
 * of one. Measured: a third of the CPU time of a request (docs/BENCHMARKS.md). Called before anything is hot.
 */
export function tuneAllocation(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}

/** What the caches of this process may take of its heap (`--max-old-space-size`, or what Node makes of the machine). */
export function ownCacheBudget(): CacheBudget {
  return cacheBudget(getHeapStatistics().heap_size_limit);
}

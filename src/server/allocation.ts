import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { cacheBudget } from "../store/sql/cache/budget.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";

/**
 * V8 learns which allocations live long and then makes them in old space at once. Here it learns wrong: parts of
 * requests land in old space, keep young objects alive, and a scavenge takes tens of milliseconds instead of a fraction
 * of one. Measured: a third of the CPU time of a request (docs/BENCHMARKS.md).
 *
 * And on a machine with much memory V8 lets the old space grow to a multiple of what lives in it before it collects: by
 * half is enough here. Measured with 10,000 roles under load: 167 MiB resident instead of 190 to 210, a p99 of AssumeRole
 * of 2.6 ms instead of up to 10, the same processor time. Called before anything is hot.
 */
export function tuneAllocation(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
  setFlagsFromString("--heap-growing-percent=50");
}

/** What the caches of this process may take of its heap (`--max-old-space-size`, or what Node makes of the machine). */
export function ownCacheBudget(): CacheBudget {
  return cacheBudget(getHeapStatistics().heap_size_limit);
}

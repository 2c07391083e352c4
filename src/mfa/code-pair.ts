import { spend } from "../policy/effort.ts";
import type { OneTimeCodes } from "./one-time-code.ts";

/**
 * How far the clock of a device may be off, in steps: the later code of a pair is looked for from 998 steps before to 1,000
 * after the present one, about eight hours each way, as the device's clock is known to go (observed on AWS, September 2026,
 * radkawar/stackd captures).
 */
export const furthestBack = 998;
const furthestAhead = 1000;

/** What it costs to make a code, in steps of effort. */
const codeSteps = 250;

interface ExpectedPair {
  /** The step that the device's clock is at, as far as it is known. */
  readonly step: number;
  /** Both codes must be of later steps than this one; null for any. */
  readonly after: number | null;
}

/**
 * The step of the later one of two codes that follow each other; null where they are no such pair of the device, or not a
 * newer one than the last. Pairs near the expected step are tried first: nearly all are there.
 */
export function stepOfPair(
  codes: OneTimeCodes,
  [first, second]: readonly [string, string],
  { step, after }: ExpectedPair,
): number | null {
  for (let distance = 0; distance <= furthestAhead; distance++) {
    for (const later of distance === 0 ? [step] : [step + distance, step - distance]) {
      if (later < step - furthestBack || (after !== null && later - 1 <= after)) continue;
      spend(codeSteps);
      if (codes.at(later - 1) === first && codes.at(later) === second) return later;
    }
  }
  return null;
}

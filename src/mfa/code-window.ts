import type { OneTimeCodes } from "./one-time-code.ts";

/**
 * How many steps a code may be old, or early, by the clock of its device (observed on AWS, September 2026,
 * radkawar/stackd captures).
 */
const width = 2;

/**
 * The steps around the one that a device's clock is at in which it shows a code. Mostly none or one; two steps may have
 * the same code.
 */
export function stepsOfCode(codes: OneTimeCodes, code: string, step: number): readonly number[] {
  const steps = Array.from({ length: 2 * width + 1 }, (_, index) => step - width + index);
  return steps.filter((each) => codes.at(each) === code);
}

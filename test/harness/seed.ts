import { Random } from "./random.ts";

/** `ROLECALL_SEED` repeats a run. */
export const seed = Number(process.env["ROLECALL_SEED"] ?? Date.now() % 2 ** 31);

/** A source of its own, so that what runs beside it does not change what it says. */
export function fork(random: Random): Random {
  return new Random(random.below(2 ** 31));
}

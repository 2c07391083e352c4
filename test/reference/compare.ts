/** The oracle and the engine side by side on seeded cases. */
import type { Case } from "./case.ts";
import { engineDecides } from "./engine.ts";
import { generate } from "./generate.ts";
import { decide } from "./oracle.ts";
import { shrink } from "./shrink.ts";

export interface Report {
  readonly comparisons: number;
  /** The seed to go on with. */
  readonly next: number;
  /** How often each outcome was the oracle's. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Minimal cases, each as a line of a case file: `expected` is the oracle's word, `got` the engine's. */
  readonly disagreements: readonly string[];
}

/** Compares `count` decisions, beginning at `seed`; stops early after `most` disagreements. */
export function compare(seed: number, count: number, most = 5): Report {
  const outcomes: Record<string, number> = {};
  const disagreements: string[] = [];
  let comparisons = 0;
  let world = seed;
  for (; comparisons < count && disagreements.length < most; world++) {
    for (const c of generate(world)) {
      const expected = decide(c);
      outcomes[expected] = (outcomes[expected] ?? 0) + 1;
      comparisons++;
      if (engineDecides(c) === expected) continue;
      const line = lineOf(shrink(c, disagree));
      if (!disagreements.includes(line)) disagreements.push(line);
      break;
    }
  }
  return { comparisons, next: world, outcomes, disagreements };
}

/** A case is not made of less by making it one that the engine refuses. */
function disagree(c: Case): boolean {
  const got = engineDecides(c);
  return !got.startsWith("threw") && got !== decide(c);
}

function lineOf(c: Case): string {
  return JSON.stringify({ ...c, expected: decide(c), got: engineDecides(c) });
}

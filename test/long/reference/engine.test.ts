/**
 * The engine against the oracle on seeded random cases, and what holds for every case. `ROLECALL_COMPARISONS` makes it
 * longer (`npm run soak`).
 */
import { expect, test } from "vitest";
import { seed } from "../../harness/seed.ts";
import { compare } from "../../reference/compare.ts";
import { counterexample, properties } from "../../reference/properties.ts";

const comparisons = Number(process.env["ROLECALL_COMPARISONS"] ?? 150_000);

test(
  `the engine agrees with the oracle on ${comparisons} comparisons from seed ${seed} on`,
  () => {
    const outcomes: Record<string, number> = {};
    for (let done = 0, world = seed; done < comparisons;) {
      const report = compare(world, Math.min(comparisons - done, 200_000));
      done += report.comparisons;
      world = report.next;
      for (const [outcome, times] of Object.entries(report.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
      console.log(`oracle and engine: seed ${seed}, ${done} comparisons`, outcomes);
      expect(report.disagreements.join("\n")).toBe("");
    }
    // A run that hardly ever allows, or hardly ever denies, proves little.
    for (const outcome of ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"]) {
      expect(outcomes[outcome] ?? 0, outcome).toBeGreaterThan(comparisons / 10);
    }
  },
  Math.max(60_000, comparisons),
);

test.each(properties)(
  "for every case: $name",
  (property) => {
    expect(counterexample(property, seed, comparisons / 30), `seed ${seed}`).toBeNull();
  },
  Math.max(60_000, comparisons / 10),
);

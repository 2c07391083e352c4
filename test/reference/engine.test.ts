/** The engine against the oracle on seeded random cases, and what holds for every case; at length in test/long/reference. */
import { describe, expect, test } from "vitest";
import { seed } from "../harness/seed.ts";
import { asExpected, casesOf } from "./case-files.ts";
import { engineDecides } from "./engine.ts";
import { compare } from "./compare.ts";
import { counterexample, properties } from "./properties.ts";

/** A taste, for who works on the engine; `npm test` makes 200,000 of them (test/long/reference). Fewer for scripts/mutate. */
const comparisons = Math.min(2_500, Number(process.env["ROLECALL_COMPARISONS"] ?? 2_500));

describe("the engine", () => {
  for (const file of ["aws-docs-tables", "oidc-trust", "simulate-recorded", "disagreements"]) {
    test(`agrees with every row of ${file} but the errata`, () => {
      const wrong = casesOf(file)
        .filter((row) => !row.errata)
        .map((row) => ({ id: row.id, expected: row.expected, got: engineDecides(row) }))
        .filter(({ got, expected }) => !asExpected(got, expected));
      expect(wrong).toEqual([]);
    });
  }

  test(`agrees with the oracle on ${comparisons} comparisons from seed ${seed} on`, () => {
    expect(compare(seed, comparisons).disagreements.join("\n")).toBe("");
  });

  test.each(properties)("for every case: $name", (property) => {
    expect(counterexample(property, seed, Math.min(comparisons, 300))).toBeNull();
  });
});

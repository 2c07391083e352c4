/** The engine against the oracle on seeded random cases, and what holds for every case; at length in test/long/reference. */
import { describe, expect, test } from "vitest";
import { seed } from "../harness/seed.ts";
import { asExpected, casesOf } from "./case-files.ts";
import { engineDecides } from "./engine.ts";
import { compare } from "./compare.ts";
import { counterexample, properties } from "./properties.ts";

/** Fewer where the tests are run a thousand times (scripts/mutate); never more, which is test/long's. */
const comparisons = Math.min(10_000, Number(process.env["ROLECALL_COMPARISONS"] ?? 10_000));

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
    expect(counterexample(property, seed, Math.min(comparisons, 1000))).toBeNull();
  });
});

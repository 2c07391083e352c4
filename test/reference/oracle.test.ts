import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { asExpected, casesOf } from "./case-files.ts";
import { decide } from "./oracle.ts";

const rows = { "aws-docs-tables": 75, "oidc-trust": 68, "simulate-recorded": 6 };

describe("the oracle", () => {
  for (const [file, count] of Object.entries(rows)) {
    test(`agrees with every row of ${file} but the errata`, () => {
      const cases = casesOf(file);
      expect(cases).toHaveLength(count);
      const wrong = cases
        .filter((row) => !row.errata)
        .map((row) => ({ id: row.id, expected: row.expected, got: decide(row) }))
        .filter(({ got, expected }) => !asExpected(got, expected));
      expect(wrong).toEqual([]);
    });
  }

  test("agrees with the disagreements that were decided", () => {
    const wrong = casesOf("disagreements")
      .map((row) => ({ id: row.id, expected: row.expected, got: decide(row) }))
      .filter(({ got, expected }) => !asExpected(got, expected));
    expect(wrong).toEqual([]);
  });

  test("stays small enough to check by eye and shares no code with the engine", () => {
    for (const file of ["oracle.ts", "oracle-values.ts", "case.ts"]) {
      const source = readFileSync(new URL(file, import.meta.url), "utf8");
      const imports = [...source.matchAll(/^import (type )?.* from "(.*)";$/gm)];
      for (const [, type, from] of imports) {
        const own = from === "./case.ts" || from === "./oracle-values.ts";
        expect(type === "type " || own || from?.startsWith("node:"), from).toBe(true);
      }
      expect(source.trimEnd().split("\n").length, file).toBeLessThan(300);
    }
  });
});

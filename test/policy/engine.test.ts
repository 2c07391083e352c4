import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/policy/index.ts";
import { policiesOf, readCases, requestOf } from "./case-file.ts";

for (const file of ["aws-docs-tables", "oidc-trust", "simulate-recorded", "engine", "disagreements"]) {
  describe(file, () => {
    for (const one of readCases(file)) {
      // Errata: rows that contradict the definitions on their own page.
      if (one.errata) continue;
      test(one.id, () => {
        const { outcome, layer } = evaluate(requestOf(one), policiesOf(one));
        expect(one.expected === "Denied" && outcome.endsWith("Denied") ? "Denied" : outcome).toBe(one.expected);
        if (one.layer !== undefined) expect(layer).toBe(one.layer);
      });
    }
  });
}

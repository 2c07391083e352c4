import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CaseError, isExpected, readCases } from "../../../src/policy/case/case.ts";
import { evaluate } from "../../../src/policy/index.ts";
import { positionAt } from "../../../src/json/read.ts";
import { casesIn } from "../../harness/cases.ts";

interface Unusable {
  readonly name: string;
  readonly text: string;
  /** `LINE:COLUMN: MESSAGE` */
  readonly expected: string;
}

const read = (path: string): string => readFileSync(new URL(`../../cases/${path}`, import.meta.url), "utf8");

const unusable = casesIn<Unusable>("policy-cli/unusable.jsonl");

describe("a case file", () => {
  it.each(unusable.map((one) => [one.name, one] as const))(
    "that cannot be used, or whose policy is none: %s",
    (_name, { text, expected }) => {
      try {
        const undecidable = readCases(text).find((one) => one.type === "undecidable");
        expect(undecidable, "nothing is wrong").toBeDefined();
        throw new CaseError(undecidable!.reason, undecidable!.offset);
      } catch (error) {
        if (!(error instanceof CaseError)) throw error;
        const { line, column } = positionAt(text, error.offset);
        expect(`${line}:${column}: ${error.message}`).toBe(expected);
      }
    },
  );

  it("may be JSON lines, a list, or one case, and says the same", () => {
    const lines = read("policy-cli/files/good.jsonl").trim().split("\n");
    const rows = lines.filter((line) => line !== "");
    const plain = (text: string) => readCases(text).map(({ id, expected, type }) => ({ id, expected, type }));
    expect(plain(`[\n${rows.join(",\n")}\n]`)).toEqual(plain(lines.join("\n")));
    expect(plain(lines.join("\r\n"))).toEqual(plain(lines.join("\n")));
    expect(plain(JSON.stringify(JSON.parse(rows[0]!), null, 2))).toEqual(plain(rows[0]!));
  });

  it.each(["aws-docs-tables", "oidc-trust", "simulate-recorded", "disagreements"])(
    "holds of %s, but the errata",
    (name) => {
      const differing = readCases(read(`policy/${name}.jsonl`))
        .filter((one) => one.type !== "decision" || one.errata === null)
        .filter(
          (one) => one.type !== "decision" || !isExpected(evaluate(one.request, one.policies).outcome, one.expected!),
        );
      expect(differing.map(({ id }) => id)).toEqual([]);
    },
  );
});

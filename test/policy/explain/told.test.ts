import { describe, expect, it } from "vitest";
import { readCases } from "../../../src/policy/case/case.ts";
import type { DecisionCase } from "../../../src/policy/case/case.ts";
import { explain } from "../../../src/policy/index.ts";
import type { SuggestedStatement } from "../../../src/policy/index.ts";
import { casesIn } from "../../harness/cases.ts";

/** A case as `rolecall test` takes it, with what is told about it; everything in words. */
interface Told {
  readonly id: string;
  readonly told: {
    readonly summary: string;
    readonly statements: readonly string[];
    readonly blockedBy: readonly string[];
    readonly changes: readonly (readonly string[])[];
    /** The statements of the changes that add one. */
    readonly added?: readonly SuggestedStatement[];
  };
}

const told = ["parts", "context", "changes", "allowed", "advice"].flatMap((file) =>
  casesIn<Told>(`explain/told/${file}.jsonl`),
);
const cases = readCases(told.map((row) => JSON.stringify(row)).join("\n")) as DecisionCase[];

const words = (list: readonly { readonly words: string }[]) => list.map((one) => one.words);

describe("what explain tells", () => {
  it.each(told.map((one, index) => [one.id, one.told, cases[index]!] as const))("%s", (_id, wanted, one) => {
    const { decision, summary, statements, blockedBy, changes } = explain(one.request, one.policies);
    expect(decision.outcome).toBe(one.expected);
    const added = changes.flat().flatMap((change) => (change.type === "AddStatement" ? [change.statement] : []));
    expect({
      summary,
      statements: words(statements),
      blockedBy: words(blockedBy),
      changes: changes.map(words),
      ...(wanted.added === undefined ? {} : { added }),
    }).toEqual(wanted);
  });
});

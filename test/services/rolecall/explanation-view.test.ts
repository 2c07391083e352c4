import { describe, expect, it } from "vitest";
import { readCases } from "../../../src/policy/case/case.ts";
import type { DecisionCase } from "../../../src/policy/case/case.ts";
import type { Layer } from "../../../src/policy/index.ts";
import { explain } from "../../../src/policy/index.ts";
import { layerNames } from "../../../src/policy/explain/words.ts";
import { layersOf, viewOf } from "../../../src/services/rolecall/explanation-view.ts";
import type { Sight } from "../../../src/services/rolecall/sight.ts";
import { casesIn } from "../../harness/cases.ts";

/** A case as `rolecall test` takes it, whose policies are seen, and what is then told. */
interface Withheld {
  readonly id: string;
  readonly sight: Sight;
  readonly told: {
    readonly withheld: readonly string[];
    /** `statements`: how many of them. */
    readonly decision: { readonly outcome: string; readonly layer: string | null; readonly statements: number };
    readonly summary: string;
    readonly statements: readonly string[];
    readonly blockedBy: readonly string[];
    readonly changes: readonly (readonly string[])[];
  };
}

const rows = casesIn<Withheld>("explain/withheld.jsonl");
const cases = readCases(rows.map((row) => JSON.stringify(row)).join("\n")) as DecisionCase[];

/** The policies of a case are named after their places in it. */
const names: Readonly<Record<Layer, string>> = {
  identity: "identity[",
  boundary: "boundaries[",
  session: "session[",
  resource: "resource",
  trust: "resource",
  scp: "scps[",
  rcp: "rcps[",
  endpoint: "endpoint",
};

const words = (list: readonly { readonly words: string }[]) => list.map((one) => one.words);

describe("what ExplainRequest tells of an explanation", () => {
  it.each(rows.map((row, index) => [row.id, row, cases[index]!] as const))("%s", (_id, { sight, told }, one) => {
    const { explanation, withheld } = viewOf(explain(one.request, one.policies), layersOf(one.policies), sight);
    const { decision, summary, statements, blockedBy, changes } = explanation;
    expect({
      withheld,
      decision: { outcome: decision.outcome, layer: decision.layer, statements: decision.statements.length },
      summary,
      statements: words(statements),
      blockedBy: words(blockedBy),
      changes: changes.map(words),
    }).toEqual(told);
  });

  it("names no statement of a layer that is withheld, anywhere", () => {
    for (const [index, { id, sight }] of rows.entries()) {
      const { request, policies } = cases[index]!;
      const { explanation, withheld } = viewOf(explain(request, policies), layersOf(policies), sight);
      const shown = JSON.stringify(explanation);
      for (const layer of withheld) {
        expect(shown, id).not.toContain(`"id":"${names[layer]}`);
        expect(shown, id).not.toContain(`${layerNames[layer]} ${names[layer]}`);
      }
    }
  });
});

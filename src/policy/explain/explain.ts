/** Why a request is allowed or denied, and what would turn it. */
import { silentLayers } from "../decide.ts";
import { within } from "../effort.ts";
import { evaluate, isAlwaysAllowed, questionOf } from "../evaluate.ts";
import { readLayers } from "../read.ts";
import type { Findings } from "../read.ts";
import type { Decision, Layer, Policies, Request } from "../types.ts";
import { changesOf } from "./changes.ts";
import type { Situation } from "./situation.ts";
import { appliedLayers, explainStatement, trace } from "./trace.ts";
import type { AppliedLayer, Traced } from "./trace.ts";
import type { Block, Change, Explanation, StatementExplanation } from "./types.ts";
import { blockWords, summaryOf } from "./words.ts";

/**
 * Explains a decision. The decision itself is `evaluate`'s, and every part is asked of the same matchers.
 *
 * @throws TypeError when a policy was not made by `compile`
 * @throws PolicyEffortError as `evaluate` does; `changes` too, when first read
 */
export function explain(request: Request, policies: Policies): Explanation {
  const decision = evaluate(request, policies);
  const question = questionOf(request, policies);
  const summary = summaryOf(request, decision);
  if (isAlwaysAllowed(question.action)) return { decision, summary, statements: [], blockedBy: [], changes: [] };
  const { layers, traced, findings, statements } = within(() => {
    const layers = appliedLayers(question, policies);
    const traced = trace(question, layers);
    const findings = readLayers(question, policies, true);
    return { layers, traced, findings, statements: traced.map((one) => explainStatement(one, question)) };
  });
  const blockedBy = decision.allowed ? [] : blocks(request, findings, layers, traced);
  return new Explained(decision, summary, statements, blockedBy, {
    request,
    policies,
    question,
    layers,
    traced,
    findings,
  });
}

/** An explanation whose changes are sought when they are first asked for: that takes longer than all the rest. */
class Explained implements Explanation {
  readonly decision: Decision;
  readonly summary: string;
  readonly statements: readonly StatementExplanation[];
  readonly blockedBy: readonly Block[];
  readonly #situation: Situation;
  #changes: readonly (readonly Change[])[] | undefined;

  constructor(
    decision: Decision,
    summary: string,
    statements: readonly StatementExplanation[],
    blockedBy: readonly Block[],
    situation: Situation,
  ) {
    this.decision = decision;
    this.summary = summary;
    this.statements = statements;
    this.blockedBy = blockedBy;
    this.#situation = situation;
  }

  get changes(): readonly (readonly Change[])[] {
    return (this.#changes ??= within(() => changesOf(this.#situation, this.decision.allowed)));
  }

  /** With the changes, which JSON.stringify would not see on a class. */
  toJSON(): Explanation {
    const { decision, summary, statements, blockedBy, changes } = this;
    return { decision, summary, statements, blockedBy, changes };
  }
}

function blocks(
  request: Request,
  findings: Findings,
  layers: readonly AppliedLayer[],
  traced: readonly Traced[],
): Block[] {
  const found: Block[] = [];
  const add = (layer: Layer, outcome: Block["outcome"], levels: readonly number[]) => {
    const block = { layer, outcome, levels };
    found.push({ ...block, words: blockWords(block, request) });
  };
  const denying = traced.filter((one) => !one.compiled.allow && one.applies);
  for (const layer of new Set(denying.map((one) => one.layer))) {
    const levels = denying.filter((one) => one.layer === layer).map((one) => one.level);
    add(
      layer,
      "ExplicitlyDenied",
      [...new Set(levels)].filter((level) => level !== null),
    );
  }
  for (const layer of silentLayers(request, findings)) {
    add(layer, "ImplicitlyDenied", layer === "scp" ? silentLevels(layers, traced) : []);
  }
  return found;
}

function silentLevels(layers: readonly AppliedLayer[], traced: readonly Traced[]): number[] {
  const allows = (level: number) =>
    traced.some((one) => one.layer === "scp" && one.level === level && one.compiled.allow && one.applies);
  return layers
    .filter((one) => one.layer === "scp")
    .map((one) => one.level!)
    .filter((level) => !allows(level));
}

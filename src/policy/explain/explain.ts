/** Why a request is allowed or denied, and what would turn it. */
import { silentLayers } from "../engine/decide.ts";
import { Effort, within } from "../effort.ts";
import { decisionOf, isAlwaysAllowed, questionOf, readWithin, withoutPolicy } from "../engine/evaluate.ts";
import { readLayers } from "../engine/read.ts";
import type { Findings } from "../engine/read.ts";
import type { Decision, Layer, Policies, Request } from "../types.ts";
import { changesOf } from "./changes.ts";
import type { Situation } from "./situation.ts";
import { explainStatement } from "./statement-explanation.ts";
import { appliedLayers, trace } from "./trace.ts";
import type { AppliedLayer, Traced } from "./trace.ts";
import type { Block, Change, Explanation, StatementExplanation } from "./types.ts";
import { blockWords, summaryOf } from "./words.ts";

/**
 * Explains a decision. The decision is made as `evaluate` makes it, and every part is asked of the same matchers.
 *
 * @param effort what is left of it to this and other questions; a bound of its own when left out
 * @throws TypeError when a policy was not made by `compile`
 * @throws PolicyEffortError as `evaluate` does; `changes` too, when first read
 */
export function explain(request: Request, policies: Policies, effort: Effort = new Effort()): Explanation {
  const question = questionOf(request, policies);
  if (isAlwaysAllowed(question.action)) {
    const summary = summaryOf(request, withoutPolicy);
    return { decision: withoutPolicy, summary, statements: [], blockedBy: [], changes: [] };
  }
  const read = readWithin(effort, question, policies);
  const decision = decisionOf(request, read);
  const summary = summaryOf(request, decision);
  return within(effort, () => {
    // After an explicit deny nothing more is read for a decision; here it is told what else stands in the way.
    const findings = decision.outcome === "ExplicitlyDenied" ? readLayers(question, policies, true) : read;
    const layers = appliedLayers(question, policies);
    const traced = trace(question, layers);
    const statements = traced.map((one) => explainStatement(one, question, request));
    const blockedBy = decision.allowed ? [] : blocks(request, findings, layers, traced);
    const situation = { request, policies, question, layers, traced, findings };
    return new Explained(decision, summary, statements, blockedBy, situation, effort);
  });
}

/** An explanation whose changes are sought when they are first asked for: that takes longer than all the rest. */
class Explained implements Explanation {
  readonly decision: Decision;
  readonly summary: string;
  readonly statements: readonly StatementExplanation[];
  readonly blockedBy: readonly Block[];
  readonly #situation: Situation;
  readonly #effort: Effort;
  #changes: readonly (readonly Change[])[] | undefined;

  constructor(
    decision: Decision,
    summary: string,
    statements: readonly StatementExplanation[],
    blockedBy: readonly Block[],
    situation: Situation,
    effort: Effort,
  ) {
    this.decision = decision;
    this.summary = summary;
    this.statements = statements;
    this.blockedBy = blockedBy;
    this.#situation = situation;
    this.#effort = effort;
  }

  get changes(): readonly (readonly Change[])[] {
    return (this.#changes ??= within(this.#effort, () => changesOf(this.#situation, this.decision.allowed)));
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
  if (findings.denied !== null) {
    const denying = traced.filter((one) => !one.compiled.allow && one.applies);
    for (const layer of new Set(denying.map((one) => one.layer))) {
      const levels = denying.filter((one) => one.layer === layer).map((one) => one.level);
      const told = [...new Set(levels)].filter((level) => level !== null);
      found.push(block(layer, "ExplicitlyDenied", told, request));
    }
  }
  for (const layer of silentLayers(request, findings)) {
    const levels = layer === "scp" ? silentLevels(layers, traced) : noLevels;
    found.push(block(layer, "ImplicitlyDenied", levels, request));
  }
  return found;
}

const noLevels: readonly number[] = Object.freeze([]);

function block(layer: Layer, outcome: Block["outcome"], levels: readonly number[], request: Request): Block {
  return { layer, outcome, levels, words: blockWords(layer, outcome, levels, request) };
}

function silentLevels(layers: readonly AppliedLayer[], traced: readonly Traced[]): number[] {
  const allows = (level: number) =>
    traced.some((one) => one.layer === "scp" && one.level === level && one.compiled.allow && one.applies);
  return layers
    .filter((one) => one.layer === "scp")
    .map((one) => one.level!)
    .filter((level) => !allows(level));
}

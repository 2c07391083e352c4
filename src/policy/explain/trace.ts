/** The statements that mattered, part by part: the matchers of `evaluate`, each asked by itself. */
import type { Candidate, Compiled } from "../engine/compiled.ts";
import { holds } from "../match/condition.ts";
import type { Clause } from "../match/condition.ts";
import { spend } from "../effort.ts";
import { candidatesOf } from "../engine/policy-set.ts";
import { Grant } from "../match/principal-match.ts";
import { hasAccountPolicies, isOrganized, isThere } from "../engine/read.ts";
import { matchesResource } from "../match/resource-match.ts";
import { grantOf } from "../match/statement.ts";
import type { CompiledStatement, Question } from "../match/statement.ts";
import type { CompiledPolicy, Context, Layer, Policies } from "../types.ts";
import type { StatementPlace } from "./types.ts";
import { placeOf } from "./words.ts";

/** A layer, or one level of it, that applies to the request. */
export interface AppliedLayer {
  readonly layer: Layer;
  readonly level: number | null;
  readonly policies: readonly CompiledPolicy[];
}

/** The layers that `readLayers` reads, in the same order. */
export function appliedLayers({ principal }: Question, policies: Policies): AppliedLayer[] {
  const applied: AppliedLayer[] = [];
  if ((isThere(policies.rcps) || isThere(policies.scps)) && isOrganized(principal)) {
    addLevels(applied, "rcp", policies.rcps);
    if (hasAccountPolicies(principal)) addLevels(applied, "scp", policies.scps);
  }
  const { identity, resource, boundaries, session, endpoint } = policies;
  if (isThere(resource))
    applied.push({ layer: resource.kind === "trust" ? "trust" : "resource", level: null, policies: [resource] });
  applied.push({ layer: "identity", level: null, policies: identity });
  if (isThere(boundaries)) applied.push({ layer: "boundary", level: null, policies: boundaries });
  if (isThere(session)) applied.push({ layer: "session", level: null, policies: session });
  if (isThere(endpoint)) applied.push({ layer: "endpoint", level: null, policies: [endpoint] });
  return applied;
}

function addLevels(applied: AppliedLayer[], layer: Layer, levels: Policies["scps"]): void {
  if (!isThere(levels)) return;
  for (let level = 0; level < levels.length; level++) applied.push({ layer, level, policies: levels[level]! });
}

/** A statement with what came of asking it; the explanation of it is made of this. */
export interface Traced extends StatementPlace {
  /** The place in words, which most of what is said of the statement needs. */
  readonly name: string;
  readonly compiled: CompiledStatement;
  readonly actionMatched: boolean;
  readonly grant: Grant;
  readonly resourceMatched: boolean;
  readonly failing: readonly Clause[];
  readonly applies: boolean;
}

/** Statements of one layer beyond those that speak of the action: enough to find the nearest, few enough to read. */
const mostNeighbours = 8;

export function trace(question: Question, layers: readonly AppliedLayer[]): Traced[] {
  const traced: Traced[] = [];
  for (const layer of layers) {
    const first = traced.length;
    let allows = false;
    for (const candidate of candidatesOf(layer.policies, layer.layer, question.action)) {
      const one = ask(layer, candidate, true, question);
      allows ||= one.applies && one.compiled.allow;
      traced.push(one);
    }
    if (!allows) addNeighbours(traced, first, layer, question);
  }
  return traced;
}

/** In a layer where nothing allows: statements that speak of the service, and perhaps should have spoken of the action. */
function addNeighbours(traced: Traced[], first: number, layer: AppliedLayer, question: Question): void {
  const end = traced.length;
  let count = 0;
  for (const policy of layer.policies) {
    // `candidatesOf` has made sure that `compile` made it.
    const { rules, candidates } = policy as Compiled;
    for (const index of rules.actions.statementsOfService(question.action)) {
      const candidate = candidates[index]!;
      if (!candidate.statement.allow || isTraced(traced, first, end, policy, index)) continue;
      if (count++ >= mostNeighbours) return;
      traced.push(ask(layer, candidate, false, question));
    }
  }
}

function isTraced(
  traced: readonly Traced[],
  first: number,
  end: number,
  policy: CompiledPolicy,
  statement: number,
): boolean {
  spend(end - first);
  for (let index = first; index < end; index++) {
    const one = traced[index]!;
    if (one.policy === policy && one.statement === statement) return true;
  }
  return false;
}

function ask({ layer, level }: AppliedLayer, of: Candidate, actionMatched: boolean, question: Question): Traced {
  const { statement: compiled } = of;
  const determining = of.determining[0];
  const { policy, statement, sid } = determining;
  const grant = grantOf(compiled, question);
  const resourceMatched = matchesResource(compiled.resource, question.resource, question.context);
  const failing = failingOf(compiled.clauses, question.context);
  const applies = actionMatched && grant !== Grant.none && resourceMatched && failing.length === 0;
  const name = placeOf(determining, level);
  return {
    layer,
    level,
    policy,
    statement,
    sid,
    name,
    compiled,
    actionMatched,
    grant,
    resourceMatched,
    failing,
    applies,
  };
}

function failingOf(clauses: readonly Clause[], context: Context): readonly Clause[] {
  return clauses.length === 0 ? clauses : clauses.filter((clause) => !holds(clause, context));
}

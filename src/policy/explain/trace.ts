/** The statements that mattered, part by part: the matchers of `evaluate`, each asked by itself. */
import { compiled } from "../compile.ts";
import { holds, isPresent } from "../condition.ts";
import type { Clause } from "../condition.ts";
import type { PrincipalElement } from "../document.ts";
import { candidatesOf } from "../policy-set.ts";
import { Grant } from "../principal-match.ts";
import { hasAccountPolicies, isOrganized, isThere } from "../read.ts";
import { grantOf, matchesResource } from "../statement.ts";
import type { CompiledStatement, Question } from "../statement.ts";
import type { CompiledPolicy, Context, Layer, Policies } from "../types.ts";
import type { ConditionExplanation, PartExplanation, StatementExplanation, StatementPlace } from "./types.ts";
import { conditionWords, nameOf, partWords, placeOf } from "./words.ts";

/** A layer, or one level of it, that applies to the request. */
export interface AppliedLayer {
  readonly layer: Layer;
  readonly level: number | null;
  readonly policies: readonly CompiledPolicy[];
}

/** The layers that `readLayers` reads, in the same order. */
export function appliedLayers({ principal }: Question, policies: Policies): AppliedLayer[] {
  const applied: AppliedLayer[] = [];
  const add = (layer: Layer, list: readonly CompiledPolicy[] | null | undefined, level: number | null = null) => {
    if (isThere(list)) applied.push({ layer, level, policies: list });
  };
  const own = hasAccountPolicies(principal);
  if (isOrganized(principal)) {
    for (const [level, list] of (policies.rcps ?? []).entries()) add("rcp", list, level);
    if (own) for (const [level, list] of (policies.scps ?? []).entries()) add("scp", list, level);
  }
  if (isThere(policies.resource)) add(policies.resource.kind === "trust" ? "trust" : "resource", [policies.resource]);
  add("identity", policies.identity);
  add("boundary", policies.boundaries);
  add("session", policies.session);
  if (isThere(policies.endpoint)) add("endpoint", [policies.endpoint]);
  return applied;
}

/** A statement with what came of asking it; the explanation of it is made of this. */
export interface Traced extends StatementPlace {
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
  for (const { layer, level, policies } of layers) {
    const first = traced.length;
    let allows = false;
    for (const { determining } of candidatesOf(policies, layer, question.action)) {
      const { policy, statement } = determining[0];
      const one = ask(layer, level, policy, statement, true, question);
      allows ||= one.applies && one.compiled.allow;
      traced.push(one);
    }
    if (!allows) addNeighbours(traced, first, layer, level, policies, question);
  }
  return traced;
}

/** In a layer where nothing allows: statements that speak of the service, and perhaps should have spoken of the action. */
function addNeighbours(
  traced: Traced[],
  first: number,
  layer: Layer,
  level: number | null,
  policies: readonly CompiledPolicy[],
  question: Question,
): void {
  const speaking = traced.slice(first);
  let count = 0;
  for (const policy of policies) {
    const { rules, statements } = compiled(policy);
    for (const index of rules.actions.statementsOfService(question.action)) {
      if (!statements[index]!.allow || speaking.some((one) => one.policy === policy && one.statement === index))
        continue;
      if (count++ >= mostNeighbours) return;
      traced.push(ask(layer, level, policy, index, false, question));
    }
  }
}

function ask(
  layer: Layer,
  level: number | null,
  policy: CompiledPolicy,
  index: number,
  actionMatched: boolean,
  question: Question,
): Traced {
  const statement = compiled(policy).statements[index]!;
  const grant = grantOf(statement, question);
  const resourceMatched = matchesResource(statement.resource, question.resource, question.context);
  const failing = failingOf(statement.clauses, question.context);
  return {
    layer,
    level,
    policy,
    statement: index,
    sid: statement.source.sid,
    compiled: statement,
    actionMatched,
    grant,
    resourceMatched,
    failing,
    applies: actionMatched && grant !== Grant.none && resourceMatched && failing.length === 0,
  };
}

function failingOf(clauses: readonly Clause[], context: Context): readonly Clause[] {
  return clauses.length === 0 ? clauses : clauses.filter((clause) => !holds(clause, context));
}

export function explainStatement(traced: Traced, question: Question): StatementExplanation {
  const { layer, level, policy, statement, sid, compiled: of, applies } = traced;
  const { source } = of;
  const action: PartExplanation = {
    matched: traced.actionMatched,
    element: source.notAction === undefined ? "Action" : "NotAction",
    wanted: source.notAction ?? source.action ?? [],
    seen: question.action,
  };
  const element = source.notPrincipal ?? source.principal;
  const principal: PartExplanation | null =
    of.principal === null
      ? null
      : {
          matched: traced.grant !== Grant.none,
          element: source.notPrincipal !== undefined ? "NotPrincipal" : element === undefined ? null : "Principal",
          wanted: principalTexts(element),
          seen: nameOf(question.principal),
        };
  const resource: PartExplanation = {
    matched: traced.resourceMatched,
    element: source.notResource !== undefined ? "NotResource" : source.resource === undefined ? null : "Resource",
    wanted: source.notResource ?? source.resource ?? [],
    seen: question.resource,
  };
  const conditions = of.clauses.map((clause) => explainClause(clause, traced, question));
  const words = wordsOf(traced, source.effect, applies, [action, principal, resource], conditions);
  return {
    layer,
    level,
    policy,
    statement,
    sid,
    effect: source.effect,
    applies,
    action,
    principal,
    resource,
    conditions,
    words,
  };
}

function explainClause(clause: Clause, { failing }: Traced, { context }: Question): ConditionExplanation {
  const seen = context.get(clause.key);
  const missing = !isPresent(seen);
  const { operator, key, values } = clause.source;
  const matched = !failing.includes(clause);
  const words = conditionWords(clause.source, matched, missing ? null : seen);
  return { matched, operator, key, wanted: values, seen: missing ? null : seen, missing, words };
}

function principalTexts(element: PrincipalElement | undefined): readonly string[] {
  if (element === undefined || element === "*") return ["*"];
  return Object.values(element).flat();
}

function wordsOf(
  place: StatementPlace,
  effect: "Allow" | "Deny",
  applies: boolean,
  parts: readonly (PartExplanation | null)[],
  conditions: readonly ConditionExplanation[],
): string {
  const verb = effect === "Allow" ? "allows" : "denies";
  if (applies) return `${placeOf(place)} ${verb} the request`;
  const failed: string[] = [];
  for (const part of parts) if (part !== null && !part.matched) failed.push(partWords(part));
  for (const condition of conditions) if (!condition.matched) failed.push(condition.words);
  return `${placeOf(place)} does not apply: ${failed.join("; ")}`;
}

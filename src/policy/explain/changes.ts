/**
 * The smallest sets of changes that would turn a decision. A denial is turned by lifting every explicit deny and by an
 * allow in every silent layer, or by a request with other context; an approval by a deny, by taking away what granted
 * it, or again by other context. Sets with context values are judged again before they are proposed.
 *
 * Somebody waits for an explanation with every denial they look at: loops here make no lists that nobody keeps.
 */
import { decide, silentLayers } from "../engine/decide.ts";
import type { Verdicts } from "../engine/decide.ts";
import type { Clause } from "../match/condition.ts";
import { spend } from "../effort.ts";
import { Grant } from "../match/principal-match.ts";
import { hasAccountPolicies, readLayers } from "../engine/read.ts";
import type { Findings } from "../engine/read.ts";
import { applies } from "../match/statement.ts";
import type { Question } from "../match/statement.ts";
import type { CompiledPolicy, Layer } from "../types.ts";
import { turnAll } from "./context-change.ts";
import type { ChangedContext } from "./context-change.ts";
import { addition, contextChanges, removal } from "./change.ts";
import type { Target } from "./change.ts";
import type { Situation } from "./situation.ts";
import { mayHaveResourcePolicies } from "./resource-policies.ts";
import { smallest } from "./smallest.ts";
import type { Traced } from "./trace.ts";
import type { Change } from "./types.ts";

/** Contexts tried at most. */
const mostContexts = 16;
/** Clauses of one statement that are turned at most: nobody changes more of a request at once. */
const mostClauses = 32;

/** What would turn an approval into a denial, or a denial into an approval. */
export function changesOf(situation: Situation, allowed: boolean): Change[][] {
  return allowed ? changesToDeny(situation) : changesToAllow(situation);
}

function changesToAllow(situation: Situation): Change[][] {
  const { question, policies, findings } = situation;
  const sets: Change[][] = [];
  for (const context of contexts(situation, true)) {
    const asked = { ...question, context };
    addRepairs(sets, situation, readLayers(asked, policies, true), asked, contextChanges(context, question));
  }
  addRepairs(sets, situation, findings, question, []);
  return smallest(sets);
}

/**
 * What the policies' side needs: each explicit deny lifted, and an allow in each silent layer.
 *
 * @param changed what every set begins with: the changes of the request that `findings` and `question` are of
 */
function addRepairs(
  sets: Change[][],
  situation: Situation,
  findings: Findings,
  question: Question,
  changed: readonly Change[],
): void {
  const { request, traced } = situation;
  spend(traced.length);
  const lifted = [...changed];
  for (const one of traced) if (!one.compiled.allow && appliesNow(one, question, situation)) lifted.push(removal(one));
  const resourceLayer = findings.isTrust ? "trust" : "resource";
  const silent = silentLayers(request, findings);
  // Either the resource's policy stays as it is, or it names the caller itself.
  if (!silent.includes(resourceLayer)) {
    const set = [...lifted];
    for (const layer of silent) addAllows(set, situation, layer, question);
    sets.push(set);
  }
  if (findings.resource === Grant.direct || !canNameCaller(situation)) return;
  const set = lifted;
  for (const layer of silentLayers(request, findings, Grant.direct)) addAllows(set, situation, layer, question);
  addAllows(set, situation, resourceLayer, question);
  sets.push(set);
}

/** Whether the resource has a policy, or may be given one. */
function canNameCaller({ policies, request }: Situation): boolean {
  return (policies.resource ?? null) !== null || mayHaveResourcePolicies(request.action);
}

/** One allow for the layer; for SCPs one for each level, for boundaries one for each policy that is silent. */
function addAllows(set: Change[], situation: Situation, layer: Layer, question: Question): void {
  const { layers, traced, policies } = situation;
  spend(traced.length);
  const isAllowed = (isMeant: (one: Traced) => boolean) =>
    traced.some(
      (one) => one.layer === layer && isMeant(one) && one.compiled.allow && appliesNow(one, question, situation),
    );
  if (layer === "scp") {
    for (const { layer: of, level } of layers) {
      if (of === "scp" && !isAllowed((one) => one.level === level))
        set.push(addition(situation, "Allow", { layer, level, policy: null }));
    }
  } else if (layer === "boundary" && policies.boundaries?.length) {
    for (const policy of policies.boundaries) {
      if (!isAllowed((one) => one.policy === policy))
        set.push(addition(situation, "Allow", { layer, level: null, policy }));
    }
  } else set.push(addition(situation, "Allow", { layer, level: null, policy: soleOf(situation, layer) }));
}

/** The policy of a layer that has only one; null where any policy will do. */
function soleOf({ policies }: Situation, layer: Layer): CompiledPolicy | null {
  if (layer === "resource" || layer === "trust") return policies.resource ?? null;
  return layer === "endpoint" ? (policies.endpoint ?? null) : null;
}

/** The trace was made with the request's own context; under another one a condition may turn out otherwise. */
function appliesNow(one: Traced, question: Question, situation: Situation): boolean {
  if (question === situation.question) return one.applies;
  return one.actionMatched && applies(one.compiled, question) !== Grant.none;
}

/**
 * Contexts that may turn the decision: in which statements of the wanted effect, which fail in their conditions only,
 * would apply, and those in which a statement of the other effect no longer does.
 */
function contexts({ traced, question }: Situation, toAllow: boolean): readonly ChangedContext[] {
  let found = nothing;
  let toHold = 0;
  const toFail: Clause[] = [];
  for (const one of traced) {
    if (one.compiled.allow === toAllow) {
      if (!failsInConditionsOnly(one) || toHold++ >= mostContexts) continue;
      found = withContext(found, turnAll(one.failing, true, question.context));
    } else if (one.applies && toFail.length < mostContexts) toFail.push(...one.compiled.clauses.slice(0, mostContexts));
  }
  for (let index = 0; index < toFail.length && index < mostContexts; index++)
    found = withContext(found, turnAll([toFail[index]!], false, question.context));
  return found;
}

const nothing: readonly ChangedContext[] = [];

function withContext(list: readonly ChangedContext[], one: ChangedContext | null): readonly ChangedContext[] {
  return one === null ? list : [...list, one];
}

function failsInConditionsOnly(one: Traced): boolean {
  const { length } = one.failing;
  return length > 0 && length <= mostClauses && one.actionMatched && one.grant !== Grant.none && one.resourceMatched;
}

function changesToDeny(situation: Situation): Change[][] {
  const { request, question, policies } = situation;
  const sets: Change[][] = [];
  for (const context of contexts(situation, false)) {
    const then = readLayers({ ...question, context }, policies);
    if (decide(request, then).outcome !== "Allowed") sets.push(contextChanges(context, question));
  }
  sets.push([addition(situation, "Deny", denyPlace(situation))]);
  addRemovals(sets, situation);
  return smallest(sets);
}

/** Where a deny reaches this caller: its own policies; for root its organization's; else the resource's. */
function denyPlace({ question, policies }: Situation): Target {
  const { principal } = question;
  if (principal.type === "Root") return { layer: "scp", level: null, policy: null };
  if (hasAccountPolicies(principal)) return { layer: "identity", level: null, policy: null };
  return {
    layer: policies.resource?.kind === "trust" ? "trust" : "resource",
    level: null,
    policy: policies.resource ?? null,
  };
}

/** The statements that now allow in a layer, wherever the decision falls when they are taken away. */
function addRemovals(sets: Change[][], situation: Situation): void {
  const { layers, policies, findings } = situation;
  let granting = 0;
  for (const { layer, level } of layers) {
    if (layer === "boundary" || layer === "rcp") continue;
    const verdicts = silenced(findings, layer);
    const added = addRemoval(sets, situation, verdicts, (one) => one.layer === layer && one.level === level);
    if (added && isGranting(layer)) granting++;
  }
  // Where identity and resource policies both grant, neither is needed alone.
  if (granting > 1) {
    const verdicts = { ...silenced(findings, "identity"), resource: Grant.none };
    addRemoval(sets, situation, verdicts, (one) => isGranting(one.layer));
  }
  for (const policy of policies.boundaries ?? []) {
    addRemoval(
      sets,
      situation,
      silenced(findings, "boundary"),
      (one) => one.layer === "boundary" && one.policy === policy,
    );
  }
}

function isGranting(layer: Layer): boolean {
  return layer === "identity" || layer === "resource" || layer === "trust";
}

/** What the layers would say if one of them said nothing. */
function silenced(findings: Findings, layer: Layer): Verdicts {
  const verdicts: Verdicts = { ...findings };
  if (layer === "resource" || layer === "trust") verdicts.resource = Grant.none;
  else if (layer !== "rcp") verdicts[layer] = false;
  return verdicts;
}

/** @returns whether there is a statement to take away at all */
function addRemoval(
  sets: Change[][],
  { request, traced }: Situation,
  verdicts: Verdicts,
  isMeant: (one: Traced) => boolean,
): boolean {
  const statements: Traced[] = [];
  for (const one of traced) if (one.applies && one.compiled.allow && isMeant(one)) statements.push(one);
  if (statements.length === 0) return false;
  if (decide(request, verdicts).outcome !== "Allowed") sets.push(statements.map(removal));
  return true;
}

/**
 * The smallest sets of changes that would turn a decision. A denial is turned by lifting every explicit deny and by an
 * allow in every silent layer, or by a request with other context; an approval by a deny, by taking away what granted
 * it, or again by other context. Sets with context values are judged again before they are proposed.
 */
import { decide, silentLayers } from "../decide.ts";
import type { Clause } from "../condition.ts";
import { Grant } from "../principal-match.ts";
import { hasAccountPolicies, readLayers } from "../read.ts";
import type { Findings } from "../read.ts";
import { applies } from "../statement.ts";
import type { Question } from "../statement.ts";
import type { CompiledPolicy, Layer } from "../types.ts";
import { turnAll } from "./context-change.ts";
import type { ChangedContext } from "./context-change.ts";
import { addition, contextChanges, isSame, removal } from "./change.ts";
import type { Situation } from "./situation.ts";
import type { Traced } from "./trace.ts";
import type { Change } from "./types.ts";

/** Sets given, and contexts tried, at most: a person reads them. */
const mostSets = 8;
const mostContexts = 16;

/** What would turn an approval into a denial, or a denial into an approval. */
export function changesOf(situation: Situation, allowed: boolean): Change[][] {
  return allowed ? changesToDeny(situation) : changesToAllow(situation);
}

function changesToAllow(situation: Situation): Change[][] {
  const { question, policies, findings } = situation;
  const sets: Change[][] = [];
  for (const context of contextsToAllow(situation)) {
    const asked = { ...question, context };
    const set = contextChanges(context, question);
    for (const rest of repairs(situation, readLayers(asked, policies, true), asked)) sets.push([...set, ...rest]);
  }
  sets.push(...repairs(situation, findings, question));
  return smallest(sets);
}

/** What the policies' side needs: each explicit deny lifted, and an allow in each silent layer. */
function repairs(situation: Situation, findings: Findings, question: Question): Change[][] {
  const { request, traced } = situation;
  const lifted = traced.filter((one) => !one.compiled.allow && appliesNow(one, question)).map(removal);
  const sets: Change[][] = [];
  // Either the resource's policy stays as it is, or it names the caller itself.
  for (const resource of new Set<Grant>([findings.resource, Grant.direct])) {
    const layers = silentLayers(request, { ...findings, denied: null, resource });
    if (resource !== findings.resource) layers.push(findings.isTrust ? "trust" : "resource");
    else if (layers.includes("resource") || layers.includes("trust")) continue;
    sets.push([...lifted, ...layers.flatMap((layer) => additions(situation, layer, question))]);
  }
  return sets;
}

/** One allow for the layer; for SCPs one for each level, for boundaries one for each policy that is silent. */
function additions(situation: Situation, layer: Layer, question: Question): Change[] {
  const { layers, traced, policies } = situation;
  const allows = (one: Traced) => one.compiled.allow && appliesNow(one, question);
  if (layer === "scp") {
    const silent = layers.filter(
      (one) => one.layer === "scp" && !traced.some((of) => of.layer === "scp" && of.level === one.level && allows(of)),
    );
    return silent.map(({ level }) => addition(situation, "Allow", { layer, level, policy: null }));
  }
  if (layer === "boundary" && policies.boundaries?.length) {
    const silent = policies.boundaries.filter(
      (policy) => !traced.some((of) => of.layer === "boundary" && of.policy === policy && allows(of)),
    );
    return silent.map((policy) => addition(situation, "Allow", { layer, level: null, policy }));
  }
  const policy =
    layer === "resource" || layer === "trust"
      ? (policies.resource ?? null)
      : layer === "endpoint"
        ? (policies.endpoint ?? null)
        : null;
  return [addition(situation, "Allow", { layer, level: null, policy })];
}

/** The trace was made with the request's own context; under another one a condition may turn out otherwise. */
function appliesNow(one: Traced, question: Question): boolean {
  return one.actionMatched && applies(one.compiled, question) !== Grant.none;
}

function contextsToAllow({ traced, question }: Situation): ChangedContext[] {
  const allows = traced.filter((one) => one.compiled.allow && failsInConditionsOnly(one)).map((one) => one.failing);
  const denies = traced.filter((one) => !one.compiled.allow && one.applies).flatMap((one) => one.compiled.clauses);
  return contexts(allows, denies, question);
}

function failsInConditionsOnly(one: Traced): boolean {
  return one.actionMatched && one.grant !== Grant.none && one.resourceMatched && one.failing.length > 0;
}

/**
 * @param toHold lists of clauses that have to become true together
 * @param toFail clauses of which each by itself is to become false
 */
function contexts(
  toHold: readonly (readonly Clause[])[],
  toFail: readonly Clause[],
  question: Question,
): ChangedContext[] {
  const found: ChangedContext[] = [];
  for (const clauses of toHold.slice(0, mostContexts)) {
    const changed = turnAll(clauses, true, question.context);
    if (changed !== null) found.push(changed);
  }
  for (const clause of toFail.slice(0, mostContexts)) {
    const changed = turnAll([clause], false, question.context);
    if (changed !== null) found.push(changed);
  }
  return found;
}

function changesToDeny(situation: Situation): Change[][] {
  const { request, question, policies, traced } = situation;
  const sets: Change[][] = [];
  for (const context of contextsToDeny(situation)) {
    const then = readLayers({ ...question, context }, policies);
    if (decide(request, then).outcome !== "Allowed") sets.push(contextChanges(context, question));
  }
  sets.push([addition(situation, "Deny", denyPlace(situation))]);
  const granting = traced.filter((one) => one.compiled.allow && one.applies);
  for (const { silenced, statements } of silencings(situation, granting)) {
    if (statements.length > 0 && decide(request, { ...situation.findings, ...silenced }).outcome !== "Allowed")
      sets.push(statements.map(removal));
  }
  return smallest(sets);
}

/** Where a deny reaches this caller: its own policies; for root its organization's; else the resource's. */
function denyPlace({ question, policies }: Situation): {
  layer: Layer;
  level: number | null;
  policy: CompiledPolicy | null;
} {
  const { principal } = question;
  if (principal.type === "Root") return { layer: "scp", level: null, policy: null };
  if (hasAccountPolicies(principal)) return { layer: "identity", level: null, policy: null };
  return {
    layer: policies.resource?.kind === "trust" ? "trust" : "resource",
    level: null,
    policy: policies.resource ?? null,
  };
}

function contextsToDeny({ traced, question }: Situation): ChangedContext[] {
  const denies = traced.filter((one) => !one.compiled.allow && failsInConditionsOnly(one)).map((one) => one.failing);
  const allows = traced.filter((one) => one.compiled.allow && one.applies).flatMap((one) => one.compiled.clauses);
  return contexts(denies, allows, question);
}

/** The layers that would fall silent without the statements that now allow in them. */
function silencings({ layers, policies }: Situation, granting: readonly Traced[]) {
  const found: { silenced: Partial<Findings>; statements: readonly Traced[] }[] = [];
  const ofPolicies: Traced[] = [];
  for (const { layer, level } of layers) {
    const statements = granting.filter((one) => one.layer === layer && one.level === level);
    if (statements.length === 0 || layer === "boundary" || layer === "rcp") continue;
    if (layer === "identity" || layer === "resource" || layer === "trust") ofPolicies.push(...statements);
    found.push({
      silenced: layer === "resource" || layer === "trust" ? { resource: Grant.none } : { [layer]: false },
      statements,
    });
  }
  // Where identity and resource policies both grant, neither is needed alone.
  found.push({ silenced: { identity: false, resource: Grant.none }, statements: ofPolicies });
  for (const policy of policies.boundaries ?? []) {
    found.push({
      silenced: { boundary: false },
      statements: granting.filter((one) => one.layer === "boundary" && one.policy === policy),
    });
  }
  return found;
}

/** Without the sets that contain another, the smallest first. */
function smallest(sets: readonly Change[][]): Change[][] {
  const kept: Change[][] = [];
  for (const set of sets.filter((one) => one.length > 0).sort((a, b) => a.length - b.length)) {
    if (!kept.some((smaller) => smaller.every((one) => set.some((other) => isSame(one, other))))) kept.push(set);
  }
  return kept.slice(0, mostSets);
}

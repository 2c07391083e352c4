/** Single changes: made, compared, and put into words. */
import { compiled } from "../engine/compiled.ts";
import { spend } from "../effort.ts";
import { Grant } from "../match/principal-match.ts";
import type { Question } from "../match/statement.ts";
import type { CompiledPolicy, Layer, Principal, Request } from "../types.ts";
import { adviceOf } from "./advice.ts";
import { changesIn, proposalOf } from "./context-change.ts";
import type { ChangedContext } from "./context-change.ts";
import { identityCondition } from "./identity-condition.ts";
import type { Situation } from "./situation.ts";
import type { Traced } from "./trace.ts";
import type { AddStatement, Change, RemoveStatement, SetContext, StatementPlace, SuggestedStatement } from "./types.ts";
import { article, layerNames } from "./words.ts";

/** What it takes to make a change and to write it. */
const changeSteps = 32;

/** Where a statement is to be added. */
export interface Target {
  readonly layer: Layer;
  readonly level: number | null;
  readonly policy: CompiledPolicy | null;
}

export function addition(
  situation: Situation,
  effect: "Allow" | "Deny",
  { layer, level, policy }: Target,
): AddStatement {
  spend(changeSteps);
  const { request, traced } = situation;
  const near = effect === "Allow" ? nearest(traced, layer, level, policy) : null;
  const statement = suggestion(effect, request, layer, policy);
  let words = `${effect === "Allow" ? "allow" : "deny"} ${request.action} on ${request.resource} in ${policyWords(layer, policy)}`;
  if (level !== null) words += ` at level ${level}`;
  if (near === null) return { type: "AddStatement", layer, level, policy, statement, nearest: null, words };
  const { one, part } = near;
  words += `, or widen the ${part} of ${one.name}`;
  return { type: "AddStatement", layer, level, policy, statement, nearest: { place: placeIn(one), part }, words };
}

/** `an identity-based policy`, `the role trust policy trust.json` */
function policyWords(layer: Layer, policy: CompiledPolicy | null): string {
  const kind = layerNames[layer];
  if (policy === null) return `${article(layer)} ${kind}`;
  return policy.id === undefined || kind.endsWith(policy.id) ? `the ${kind}` : `the ${kind} ${policy.id}`;
}

function suggestion(
  effect: "Allow" | "Deny",
  request: Request,
  layer: Layer,
  policy: CompiledPolicy | null,
): SuggestedStatement {
  const { action } = request;
  if (layer === "trust") {
    const own = identityCondition(request);
    const statement = { Effect: effect, Principal: principalElement(request.principal), Action: action };
    return own === null ? statement : { ...statement, Condition: { StringEquals: own } };
  }
  const resource = resourceElement(request.resource, policy);
  return layer === "resource" || layer === "endpoint"
    ? { Effect: effect, Principal: principalElement(request.principal), Action: action, Resource: resource }
    : { Effect: effect, Action: action, Resource: resource };
}

/** The resource as an element that matches it and nothing else, where the document's version has variables to say so. */
function resourceElement(resource: string, policy: CompiledPolicy | null): string {
  if (resource === "*" || !/[*?]|\$\{/.test(resource)) return resource;
  const variables = policy === null || compiled(policy).rules.document.version === "2012-10-17";
  if (!variables) return resource;
  return resource.replaceAll(/[*?]|\$(?=\{)/g, (character) => `\${${character}}`);
}

/** The element that names the caller as directly as can be. */
function principalElement(principal: Principal): SuggestedStatement["Principal"] & {} {
  switch (principal.type) {
    case "Anonymous":
      return "*";
    case "Service":
      return { Service: principal.service };
    case "WebIdentity":
    case "SAML":
      return { Federated: principal.provider };
    case "Root":
    case "User":
    case "RoleSession":
    case "FederatedUser":
      return { AWS: principal.arn };
  }
}

type Part = (AddStatement["nearest"] & {})["part"];

/** An Allow that fails in one part only. */
function nearest(
  traced: readonly Traced[],
  layer: Layer,
  level: number | null,
  policy: CompiledPolicy | null,
): { one: Traced; part: Part } | null {
  spend(traced.length);
  for (const one of traced) {
    if (one.layer !== layer || one.level !== level || (policy !== null && one.policy !== policy)) continue;
    if (!one.compiled.allow || one.applies) continue;
    const part = failedPart(one);
    if (part !== null) return { one, part };
  }
  return null;
}

/** The part that fails, when it is one alone. */
function failedPart(one: Traced): Part | null {
  let count = 0;
  let failed: Part | null = null;
  const add = (part: Part) => {
    count++;
    failed = part;
  };
  if (!one.actionMatched) add("action");
  if (one.grant === Grant.none) add("principal");
  if (!one.resourceMatched) add("resource");
  if (one.failing.length > 0) add("condition");
  return count === 1 ? failed : null;
}

export function removal(one: Traced): RemoveStatement {
  spend(changeSteps);
  const words = `remove ${one.name}, or narrow it so that it does not ${one.compiled.allow ? "allow" : "deny"} this request`;
  return { type: "RemoveStatement", place: placeIn(one), words };
}

function placeIn({ layer, level, policy, statement, sid }: Traced): StatementPlace {
  return { layer, level, policy, statement, sid };
}

export function contextChanges(changed: ChangedContext, { context, action }: Question): SetContext[] {
  return Array.from(changesIn(changed).values(), (one): SetContext => {
    const proposal = proposalOf(one, context, action);
    const { key, value, seen } = proposal;
    // One that nobody can follow is not made.
    return { type: "SetContext", key, value, seen, words: adviceOf(proposal)! };
  });
}

export function isSame(a: Change, b: Change): boolean {
  switch (a.type) {
    case "AddStatement":
      return (
        b.type === a.type &&
        a.layer === b.layer &&
        a.level === b.level &&
        a.policy === b.policy &&
        a.statement.Effect === b.statement.Effect
      );
    case "RemoveStatement":
      return (
        b.type === a.type &&
        a.place.policy === b.place.policy &&
        a.place.level === b.place.level &&
        a.place.statement === b.place.statement
      );
    case "SetContext":
      // Whoever asks as another principal need not hear it for each key that follows from that.
      return b.type === a.type && a.words === b.words;
  }
}

/** Single changes: made, compared, and put into words. */
import { compiled } from "../compile.ts";
import { Grant } from "../principal-match.ts";
import type { Question } from "../statement.ts";
import type { CompiledPolicy, Layer, Principal } from "../types.ts";
import type { ChangedContext } from "./context-change.ts";
import type { Situation } from "./situation.ts";
import type { Traced } from "./trace.ts";
import type { AddStatement, Change, RemoveStatement, SetContext, StatementPlace, SuggestedStatement } from "./types.ts";
import { article, layerNames, placeOf, valueWords } from "./words.ts";

export interface Target {
  readonly layer: Layer;
  readonly level: number | null;
  readonly policy: CompiledPolicy | null;
}

export function addition(
  { request, traced }: Situation,
  effect: "Allow" | "Deny",
  { layer, level, policy }: Target,
): AddStatement {
  const near = effect === "Allow" ? nearest(traced, layer, level, policy) : null;
  const statement: SuggestedStatement = {
    Effect: effect,
    ...(layer === "resource" || layer === "trust" || layer === "endpoint"
      ? { Principal: principalElement(request.principal) }
      : {}),
    Action: request.action,
    ...(layer === "trust" ? {} : { Resource: resourceElement(request.resource, policy) }),
  };
  const where = `${layerNames[layer]}${policy?.id === undefined ? "" : ` ${policy.id}`}${level === null ? "" : ` at level ${level}`}`;
  const verb = effect === "Allow" ? "allow" : "deny";
  const instead = near === null ? "" : `, or widen the ${near.part} of ${placeOf(near.place)}`;
  const words = `${verb} ${request.action} on ${request.resource} in ${article(layer)} ${where}${instead}`;
  return { type: "AddStatement", layer, level, policy, statement, nearest: near, words };
}

/** The resource as an element that matches it and nothing else, where the document's version has variables to say so. */
function resourceElement(resource: string, policy: CompiledPolicy | null): string {
  const variables = policy === null || compiled(policy).rules.document.version === "2012-10-17";
  if (resource === "*" || !variables) return resource;
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

/** An Allow that fails in one part only. */
function nearest(
  traced: readonly Traced[],
  layer: Layer,
  level: number | null,
  policy: CompiledPolicy | null,
): AddStatement["nearest"] {
  for (const one of traced) {
    if (one.layer !== layer || one.level !== level || (policy !== null && one.policy !== policy)) continue;
    if (!one.compiled.allow || one.applies) continue;
    const failed = failedParts(one);
    if (failed.length === 1) return { place: placeIn(one), part: failed[0]! };
  }
  return null;
}

function failedParts(one: Traced): ("action" | "principal" | "resource" | "condition")[] {
  const failed: ("action" | "principal" | "resource" | "condition")[] = [];
  if (!one.actionMatched) failed.push("action");
  if (one.grant === Grant.none) failed.push("principal");
  if (!one.resourceMatched) failed.push("resource");
  if (one.failing.length > 0) failed.push("condition");
  return failed;
}

export function removal(one: Traced): RemoveStatement {
  const place = placeIn(one);
  const words = `remove ${placeOf(place)}, or narrow it so that it does not ${one.compiled.allow ? "allow" : "deny"} this request`;
  return { type: "RemoveStatement", place, words };
}

function placeIn({ layer, level, policy, statement, sid }: Traced): StatementPlace {
  return { layer, level, policy, statement, sid };
}

export function contextChanges({ changes }: ChangedContext, { context }: Question): SetContext[] {
  return [...changes].map(([key, value]): SetContext => {
    const seen = context.get(key) ?? null;
    const now = seen === null ? "it has none now" : `it is ${valueWords(seen)} now`;
    const words =
      value === null
        ? `make the request without ${key}; ${now}`
        : `make the request with ${key} = ${valueWords(value)}; ${now}`;
    return { type: "SetContext", key, value, seen, words };
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
      return b.type === a.type && a.key === b.key && valueWords(a.value) === valueWords(b.value);
  }
}

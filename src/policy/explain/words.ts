/** The words of explanations. AWS's own where AWS has some (reference: "Troubleshoot access denied error messages"). */
import type { ConditionClause } from "../document.ts";
import type { Block, PartExplanation, StatementPlace } from "./types.ts";
import type { ContextValue, Decision, Layer, Principal, Request } from "../types.ts";

export const layerNames: Readonly<Record<Layer, string>> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  trust: "role trust policy",
  boundary: "permissions boundary",
  session: "session policy",
  scp: "service control policy",
  rcp: "resource control policy",
  endpoint: "VPC endpoint policy",
};

export function article(layer: Layer): string {
  return layer === "identity" ? "an" : "a";
}

export function summaryOf(request: Request, decision: Decision): string {
  const { action, resource, principal } = request;
  const on = resource === "*" ? "" : ` on resource: ${resource}`;
  if (decision.allowed)
    return `${nameOf(principal)} is authorized to perform: ${action}${on} ${groundsOf(request, decision)}`;
  const { layer } = decision;
  const why =
    decision.outcome === "ExplicitlyDenied"
      ? `with an explicit deny in ${article(layer!)} ${layerNames[layer!]}`
      : `because no ${layerNames[layer!]} allows the ${action} action`;
  return `User: ${nameOf(principal)} is not authorized to perform: ${action}${on} ${why}`;
}

function groundsOf({ principal }: Request, { layer, statements }: Decision): string {
  if (layer !== null)
    return `because ${statements.map((one) => placeOf({ ...one, level: null })).join(" and ") || `the account's root user needs no policy of its own beside the ${layerNames[layer]}`} allows it`;
  return principal.type === "Root" || principal.type === "FederatedUser"
    ? "because the root user has full access to its account"
    : "because the action needs no permissions";
}

export function nameOf(principal: Principal): string {
  if ("arn" in principal) return principal.arn;
  if (principal.type === "Service") return principal.service;
  return principal.type === "Anonymous" ? "anonymous" : principal.provider;
}

/** `statement "Sid" of identity-based policy ID` */
export function placeOf({ layer, level, policy, statement, sid }: StatementPlace): string {
  const name = sid === undefined ? `statement ${statement}` : `statement ${statement} (${sid})`;
  const which = policy.id === undefined ? "" : ` ${policy.id}`;
  return `${name} of ${layerNames[layer]}${which}${level === null ? "" : ` at level ${level}`}`;
}

export function blockWords({ layer, outcome, levels }: Omit<Block, "words">, request: Request): string {
  const where = levels.length === 0 ? "" : ` at level ${levels.join(", ")}`;
  return outcome === "ExplicitlyDenied"
    ? `explicit deny in ${article(layer)} ${layerNames[layer]}${where}`
    : `no ${layerNames[layer]}${where} allows the ${request.action} action`;
}

export function partWords({ matched, element, wanted, seen }: PartExplanation): string {
  const list =
    wanted.length <= 3 ? wanted.join(", ") : `${wanted.slice(0, 3).join(", ")} and ${wanted.length - 3} more`;
  return `${element} ${list} ${matched ? "matches" : "does not match"} ${seen}`;
}

/** @param seen null when the request has no such key */
export function conditionWords(
  { operator, key, values }: ConditionClause,
  matched: boolean,
  seen: ContextValue | null,
): string {
  const has = seen === null ? "the request has no such key" : `the request has ${valueWords(seen)}`;
  return `${operator} ${key} ${values.join(" or ")} is ${matched ? "true" : "false"}: ${has}`;
}

export function valueWords(value: ContextValue | null): string {
  return value === null
    ? "no value"
    : typeof value === "string"
      ? JSON.stringify(value)
      : `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
}

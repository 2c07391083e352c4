/** The words of explanations. AWS's own where AWS has some (reference: "Troubleshoot access denied error messages"). */
import type { ConditionClause } from "../document/document.ts";
import type { ContextValue, Decision, DeterminingStatement, Layer, Principal, Request } from "../types.ts";
import type { Block, PartExplanation } from "./types.ts";

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
  if (layer !== null) {
    let grounds = "";
    for (const one of statements) grounds += `${grounds === "" ? "" : " and "}${placeOf(one, null)}`;
    return `because ${grounds || `the account's root user needs no policy of its own beside the ${layerNames[layer]}`} allows it`;
  }
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
export function placeOf({ layer, policy, statement, sid }: DeterminingStatement, level: number | null): string {
  const name = sid === undefined ? `statement ${statement}` : `statement ${statement} (${sid})`;
  const kind = layerNames[layer];
  const which = policy.id === undefined || kind.endsWith(policy.id) ? "" : ` ${policy.id}`;
  return `${name} of ${kind}${which}${level === null ? "" : ` at level ${level}`}`;
}

export function blockWords(
  layer: Layer,
  outcome: Block["outcome"],
  levels: readonly number[],
  request: Request,
): string {
  const where = levels.length === 0 ? "" : ` at level ${levels.join(", ")}`;
  return outcome === "ExplicitlyDenied"
    ? `explicit deny in ${article(layer)} ${layerNames[layer]}${where}`
    : `no ${layerNames[layer]}${where} allows the ${request.action} action`;
}

/** Values shown of a list: it may have a thousand. */
const mostValues = 3;

export function partWords({ matched, element, wanted, seen }: PartExplanation): string {
  const list =
    wanted.length <= mostValues
      ? joined(wanted, ", ")
      : `${joined(wanted.slice(0, mostValues), ", ")} and ${wanted.length - mostValues} more`;
  // What a Not… element lists is what it leaves out.
  const verb = element?.startsWith("Not")
    ? matched
      ? "does not list"
      : "lists"
    : matched
      ? "matches"
      : "does not match";
  return `${element} ${list} ${verb} ${seen}`;
}

/** As `join`, which costs several times as much for the few values that there are. */
function joined(values: readonly string[], separator: string): string {
  let text = values[0] ?? "";
  for (let index = 1; index < values.length; index++) text += separator + values[index]!;
  return text;
}

/**
 * @param seen null when the request has no such key
 * @param variables what the policy's variables stand for, in words; empty where there are none
 */
export function conditionWords(
  { operator, key, values }: ConditionClause,
  matched: boolean,
  seen: ContextValue | null,
  variables: string,
): string {
  const has = seen === null ? "the request has no such key" : `the request has ${valueWords(seen)}`;
  const list = joined(values.length <= mostValues ? values : values.slice(0, mostValues), " or ");
  const more = values.length <= mostValues ? "" : ` or ${values.length - mostValues} more`;
  return `${operator} ${key} ${list}${more} is ${matched ? "true" : "false"}: ${has}${variables}${setWords(operator, seen)}`;
}

/** A plain operator never holds for a key of several values, whatever they are. */
function setWords(operator: string, seen: ContextValue | null): string {
  if (seen === null || typeof seen === "string" || /^(?:forallvalues:|foranyvalue:|null$)/i.test(operator)) return "";
  return `, and a key of several values is compared by ForAnyValue:${operator} or ForAllValues:${operator} alone`;
}

export function valueWords(value: ContextValue | null): string {
  return value === null
    ? "no value"
    : typeof value === "string"
      ? JSON.stringify(value)
      : `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
}

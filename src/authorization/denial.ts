import { Fault } from "../contracts/fault.ts";
import type { Decision, Layer } from "../policy/types.ts";
import type { Actor } from "../session/actor.ts";
import { principalArn } from "../session/principal.ts";
import type { Requirement } from "./requirement.ts";

const layerNames: Readonly<Record<Layer, readonly [article: string, name: string]>> = {
  identity: ["an", "identity-based policy"],
  boundary: ["a", "permissions boundary"],
  session: ["a", "session policy"],
  resource: ["a", "resource-based policy"],
  trust: ["a", "resource-based policy"],
  scp: ["a", "service control policy"],
  rcp: ["a", "resource control policy"],
  endpoint: ["a", "VPC endpoint policy"],
};

/**
 * AWS's words for a refusal (IAM User Guide, troubleshoot_access-denied): who, what, on what, and which layer. Naming
 * the policy is only done for managed ones, as AWS does.
 */
export function denialMessage(caller: Actor, requirement: Requirement, decision: Decision): string {
  if (requirement.refusal !== undefined) return requirement.refusal;
  const refusal = refused(caller, requirement);
  return requirement.withoutReason === true ? refusal : `${refusal} ${reason(requirement.action, decision)}`;
}

/** For whoever may not know the policies of the caller's account: the same words whichever of them denies, and how. */
export function withheldMessage(caller: Actor, requirement: Requirement): string {
  return `${refused(caller, requirement)} because the policies of the caller's account do not allow the ${requirement.action} action`;
}

function refused(caller: Actor, requirement: Requirement): string {
  const shown = requirement.shownAs === undefined ? requirement.resource : requirement.shownAs;
  const subject = `User: ${principalArn(caller)} is not authorized to perform: ${requirement.action}`;
  return shown === null ? subject : `${subject} on resource: ${shown}`;
}

/** For a request that was given up on (PolicyEffortError): our own words, as AWS has none. */
export function effortMessage(caller: Actor, requirement: Requirement): string {
  return `User: ${principalArn(caller)} is not authorized to perform: ${requirement.action} on resource: ${requirement.resource} because the policies that apply take too long to evaluate against this request`;
}

function reason(action: string, decision: Decision): string {
  const [article, name] = layerNames[decision.layer ?? "identity"];
  if (decision.outcome !== "ExplicitlyDenied") return `because no ${name} allows the ${action} action`;
  const id = decision.statements[0]?.policy.id;
  const tail = id !== undefined && id.startsWith("arn:") ? `: ${id}` : "";
  return `with an explicit deny in ${article} ${name}${tail}`;
}

/** What stands at the end of a refusal, for whoever asks why. */
export interface WayToAsk {
  /** Address of the console; null where there is none. */
  readonly console: string | null;
}

/** AWS's sentence (seen since 2026) with the way that there is here. @param id the request's authorization id */
export function wayToAsk(id: string, { console }: WayToAsk): string {
  const way =
    console === null ? `Run rolecall explain --request ${id}` : `Go to ${console}#/authorization-details/${id}`;
  return `. ${way} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ${id}`;
}

export function accessDenied(message: string): Fault {
  return new Fault("AccessDenied", 403, message);
}

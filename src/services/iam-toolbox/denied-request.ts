import type { Requirement } from "../../authorization/requirement.ts";
import { requestIdOf } from "../../clock/authorization-id.ts";
import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";
import type { InputContext, SearchContext } from "../../operation/context.ts";
import type { Policies, Principal } from "../../policy/types.ts";
import type { RecordedRequirement } from "../../trail/sidecar.ts";
import type { Sight } from "../rolecall/sight.ts";
import { findCall } from "../rolecall/recorded-call.ts";
import type { RecordedCall } from "../rolecall/recorded-call.ts";
import { policiesOfMoment } from "../rolecall/recorded-policies.ts";

const toolboxFault = faultsOf("iam-toolbox");

export function notFound(what: string): Fault {
  return toolboxFault("ResourceNotFoundException", `${what} not found.`);
}

/** What either operation needs: the right to ask, of whichever request of the caller's account. */
export function ownRequirement({ account }: InputContext, name: string): readonly Requirement[] {
  return [{ action: `iam:${name}`, resource: "*", resourceAccount: account }];
}

export type Found = Awaited<ReturnType<typeof findCall>>;

/**
 * Looks for a request by its authorization id, or by the digits of its request id: AWS gives none with the refusals of
 * STS. Found are those of the caller's account, and those that it refused to others by a policy of its own.
 *
 * @param name of the operation that searches
 */
export async function findRequest(
  id: string,
  name: string,
  token: string | undefined,
  context: SearchContext,
): Promise<Found> {
  const requestId = requestIdOf(id);
  if (requestId === null) return null;
  const isVisible = async (owner: string): Promise<boolean> => owner === context.account;
  return findCall({ requestId }, { name, token, isVisible, asResource: true }, context);
}

/** One thing that was asked, as far as an account may see it. */
export interface Evaluated {
  readonly requirement: RecordedRequirement;
  readonly principal: Principal;
  /** Those by which it was decided; null where they are not kept. */
  readonly policies: Policies | null;
  readonly sight: Sight;
}

/** What was asked in a request until it was denied; null unless it was. */
export function evaluatedIn({ event, recalled, sidecar }: RecordedCall, account: string): readonly Evaluated[] | null {
  const principal = sidecar?.principal;
  if (sidecar === null || principal === undefined || event.errorCode !== "AccessDenied") return null;
  const requirements = sidecar.requirements.filter(({ asked }) => asked === undefined);
  if (requirements.every(({ outcome }) => outcome === "Allowed")) return null;
  const isOwn = "account" in principal && principal.account === account;
  return requirements.map((requirement) => ({
    requirement,
    principal,
    policies: policiesOfMoment(requirement, recalled),
    sight: { principal: isOwn, resource: requirement.resourceAccount === account, organization: false },
  }));
}

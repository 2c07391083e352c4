import { userId, principalArn } from "../../../session/principal.ts";
import { isLimited } from "../../../session/actor.ts";
import type { Actor } from "../../../session/actor.ts";
import { compile } from "../../../policy/index.ts";
import type { CompiledPolicy } from "../../../policy/types.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { byId } from "../../../store/iam/delegation-requests.ts";
import type { DelegationRequestRecord } from "../../../store/iam/delegation-requests.ts";
import { iamFault } from "../entity/faults.ts";

/** A request that a call names, before anything is said about whether it exists. */
export interface FoundRequest {
  readonly id: string;
  /** Null also where it is another account's to decide about. */
  readonly record: DelegationRequestRecord | null;
}

/** Finds a request that has no owner's account yet, or the caller's. */
export async function findRequest(id: string, { tx, account }: OperationContext): Promise<FoundRequest> {
  const record = await byId(tx, id);
  const isVisible = record !== null && (record.ownerAccount === null || record.ownerAccount === account);
  return { id, record: isVisible ? record : null };
}

/** @throws Fault NoSuchEntity; its text is by analogy */
export function existingRequest({ id, record }: FoundRequest): DelegationRequestRecord {
  if (record === null) throw iamFault("NoSuchEntity", `The delegation request with id ${id} cannot be found.`);
  return record;
}

/** The ARN that an account's policies name a request by (Service Authorization Reference for IAM). */
export function requestArn(
  { account, partition }: Pick<OperationContext, "account" | "partition">,
  id: string,
): string {
  return `arn:${partition}:iam::${account}:delegation-request/${id}`;
}

/** What must be allowed about a request; the caller's account has it, or may come to. */
export function requirementOnRequest(
  action: string,
  { id, record }: FoundRequest,
  context: OperationContext,
): Requirement {
  return {
    action,
    resource: requestArn(context, id),
    resourceAccount: context.account,
    context: { "iam:DelegationRequestOwner": record?.ownerArn ?? undefined },
    resourcePolicy: record === null ? null : defaultPermissions(record, context.caller),
  };
}

/** Requests of one owner may be listed by him. */
export function requirementOnOwned(owner: string | undefined, context: OperationContext): Requirement {
  const { caller } = context;
  const isOwn = owner !== undefined && owner === principalArn(caller) && !isLimited(caller);
  return {
    action: "iam:ListDelegationRequests",
    resource: "*",
    resourceAccount: context.account,
    context: { "iam:DelegationRequestOwner": owner },
    resourcePolicy: isOwn ? ofOwner : null,
  };
}

export function isOwner({ ownerId }: DelegationRequestRecord, caller: Actor): boolean {
  return ownerId !== null && ownerId === userId(caller);
}

/**
 * What is allowed about a request without a policy of the caller's (IAM User Guide, access_policies-temporary-delegation,
 * "Managing Permissions for Delegation Requests"): who has no owner yet is open to the account it is for, or to any; who
 * has one is his. Policies may deny it. Accepting is never among it.
 */
function defaultPermissions(record: DelegationRequestRecord, caller: Actor): CompiledPolicy | null {
  // A grant to the caller himself would reach past the policies of his session, which then would limit nothing.
  if (isLimited(caller)) return null;
  if (record.ownerId === null) return ofUnowned;
  return isOwner(record, caller) ? ofOwner : null;
}

const ofUnowned = granting([
  "iam:AssociateDelegationRequest",
  "iam:GetDelegationRequest",
  "iam:GetHumanReadableSummary",
]);
const ofOwner = granting([
  "iam:GetDelegationRequest",
  "iam:GetHumanReadableSummary",
  "iam:ListDelegationRequests",
  "iam:RejectDelegationRequest",
  "iam:SendDelegationToken",
  "iam:UpdateDelegationRequest",
]);

function granting(actions: readonly string[]): CompiledPolicy {
  const statement = { Effect: "Allow", Principal: "*", Action: actions, Resource: "*" };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  return compile(document, "resource", { id: "the default permissions for delegation requests" });
}

import { rootArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { isAssumedRoot } from "../../../session/assumed-root.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { callingUser, existing, find, requirementOn } from "./entity-names.ts";
import type { Found } from "./entity-names.ts";

/** Whose credentials (access keys, codes, certificates …) a call is about: a user's, or those of the account's root, which only root itself can reach. */
export type CredentialOwner = { readonly type: "user"; readonly user: Found<UserRecord> } | { readonly type: "root" };

/**
 * The user that a call names; without a name the caller itself, whom IAM knows by the access key that signed. Temporary
 * credentials do not do for that (API reference, ListAccessKeys).
 *
 * @throws Fault ValidationError for a caller without long-term credentials
 */
export async function credentialOwner(
  userName: string | undefined,
  context: OperationContext,
): Promise<CredentialOwner> {
  if (userName !== undefined) return { type: "user", user: await find("user", userName, context) };
  const { principal, session } = context.caller;
  if (principal.type === "Root" && (session === null || isAssumedRoot(session))) return { type: "root" };
  return { type: "user", user: await callingUser("longTerm", context) };
}

export function requirementOnOwner(action: string, owner: CredentialOwner, context: OperationContext): Requirement {
  if (owner.type === "user") return requirementOn(action, owner.user, context);
  return { action, resource: rootArn(context.partition, context.account), resourceAccount: context.account };
}

/** The id that the store keeps the owner's credentials under. @throws Fault NoSuchEntity */
export function ownerId(owner: CredentialOwner, context: OperationContext): string {
  return owner.type === "root" ? context.account : existing(owner.user).id;
}

/** Root has no user name, and nothing stands in its place. @throws Fault NoSuchEntity */
export function ownerName(owner: CredentialOwner): { readonly UserName?: string } {
  return owner.type === "root" ? {} : { UserName: existing(owner.user).name };
}

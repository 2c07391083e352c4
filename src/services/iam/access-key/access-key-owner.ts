import { rootArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { AccessKeyRecord } from "../../../store/iam/access-keys.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import * as users from "../../../store/iam/users.ts";
import { callingUser, existing, find, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";

/** Whose access keys a call is about: a user's, or those of the account's root, which only root itself can reach. */
export type KeyOwner = { readonly type: "user"; readonly user: Found<UserRecord> } | { readonly type: "root" };

/**
 * The user that a call names; without a name the caller itself, whom IAM knows by the access key that signed. Temporary
 * credentials do not do for that (API reference, ListAccessKeys).
 *
 * @throws Fault ValidationError for a caller without long-term credentials
 */
export async function keyOwner(userName: string | undefined, context: OperationContext): Promise<KeyOwner> {
  if (userName !== undefined) return { type: "user", user: await find("user", userName, context) };
  const { principal, session } = context.caller;
  if (principal.type === "Root" && session === null) return { type: "root" };
  return { type: "user", user: await callingUser("longTerm", context) };
}

/** Who owns a key of this account; null where the key is not one. */
export async function ownerOfKey(key: AccessKeyRecord | null, context: OperationContext): Promise<KeyOwner | null> {
  if (key === null || key.account !== context.account) return null;
  if (key.ownerId === context.account) return { type: "root" };
  const record = await users.byId(context.tx, key.ownerId);
  return record === null ? null : { type: "user", user: { kind: "user", name: record.name, record } };
}

export function requirementOnKeys(action: string, owner: KeyOwner, context: OperationContext): Requirement {
  if (owner.type === "user") return requirementOn(action, owner.user, context);
  return { action, resource: rootArn(context.partition, context.account), resourceAccount: context.account };
}

/** The id that the store keeps the owner's keys under. @throws Fault NoSuchEntity */
export function ownerId(owner: KeyOwner, context: OperationContext): string {
  return owner.type === "root" ? context.account : existing(owner.user).id;
}

/** Root has no user name, and nothing stands in its place. @throws Fault NoSuchEntity */
export function ownerName(owner: KeyOwner): { readonly UserName?: string } {
  return owner.type === "root" ? {} : { UserName: existing(owner.user).name };
}

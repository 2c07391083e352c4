import type { OperationKeys, Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { boundaryContext } from "./boundary.ts";
import { existing, findGroup, findRole, findUser, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import type { NamedEntity } from "../entity/faults.ts";
import { modifiable } from "../entity/role-protection.ts";

/** What policies can be embedded in and attached to: a user, a group or a role. */
export type PolicyHolder = UserRecord | GroupRecord | RoleRecord;
export type FoundHolder = Found<PolicyHolder>;

export function findHolder(kind: NamedEntity, name: string, context: OperationContext): Promise<FoundHolder> {
  if (kind === "user") return findUser(name, context);
  return kind === "group" ? findGroup(name, context) : findRole(name, context);
}

/** The requirement of an operation that reads a holder's policies. */
export function requirementToRead(action: string, found: FoundHolder, context: OperationContext): Requirement {
  return requirementOn(action, found, context);
}

/**
 * The requirement of an operation that changes a holder's policies: it can be tied to the boundary that the holder has
 * (Service Authorization Reference: iam:PermissionsBoundary on users and roles, never on groups).
 */
export function requirementToChange(
  action: string,
  found: FoundHolder,
  context: OperationContext,
  keys: OperationKeys = {},
): Requirement {
  const { record } = found;
  const boundary = record !== null && "boundaryArn" in record ? record.boundaryArn : null;
  return requirementOn(action, found, context, { context: { ...boundaryContext(boundary), ...keys } });
}

/** @throws Fault NoSuchEntity, UnmodifiableEntity for a role that only its service may change */
export function modifiableHolder(found: FoundHolder): PolicyHolder {
  const holder = existing(found);
  if ("trustPolicy" in holder) modifiable(holder);
  return holder;
}

import { iamArn, rootArn } from "../../../arn/arn.ts";
import type { SettledRole } from "../../../authorization/known-roles.ts";
import { renderTrustPolicy } from "../../../authorization/binding.ts";
import type {
  AttachedPermissionsBoundary,
  Group,
  PermissionsBoundaryAttachmentType,
  Role,
  Tag,
  User,
} from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { AccountRecord } from "../../../store/organizations/accounts.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import type { Tag as TagRecord } from "../../../store/iam/tags.ts";
import type { UserRecord } from "../../../store/iam/users.ts";

/** What stands for a store's record on the wire. Members that AWS leaves out of a form are absent, never empty. */

/** Lists leave out tags and the boundary (API reference, ListUsers and GetGroup). */
export function listedUser(
  user: Pick<UserRecord, "id" | "name" | "path" | "createdAt" | "passwordLastUsedAt">,
  context: OperationContext,
): User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: iamArn(context.partition, context.account, "user", user.name, user.path),
    CreateDate: new Date(user.createdAt),
    ...(user.passwordLastUsedAt === null ? {} : { PasswordLastUsed: new Date(user.passwordLastUsedAt) }),
  };
}

export function describedUser(user: UserRecord, context: OperationContext): User {
  return { ...listedUser(user, context), ...boundaryOf(user), ...tagsOf(user) };
}

/** GetUser by the root of an account: it has neither a user name nor a path, whatever the contract's types say. */
export function describedRoot(account: AccountRecord, context: OperationContext): User {
  const root: Pick<User, "UserId" | "Arn" | "CreateDate"> = {
    UserId: account.id,
    Arn: rootArn(context.partition, account.id),
    CreateDate: new Date(account.createdAt),
  };
  return root as User;
}

export function describedGroup(group: GroupRecord, context: OperationContext): Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: iamArn(context.partition, context.account, "group", group.name, group.path),
    CreateDate: new Date(group.createdAt),
  };
}

/**
 * CreateRole's form: AWS returns no session duration and no description here (recorded, and CLI reference).
 *
 * @param document the trust policy; as it was sent, where it was
 */
export function createdRole(role: RoleRecord, document: string, context: OperationContext): Role {
  const {
    Description: _,
    MaxSessionDuration: _duration,
    RoleLastUsed: _use,
    ...created
  } = describedRole(role, null, document, context);
  return created;
}

/** UpdateRoleDescription's form: as created, with the description (recorded from AWS, LocalStack snapshots, 2026). */
export async function redescribedRole(role: RoleRecord, context: OperationContext): Promise<Role> {
  const { MaxSessionDuration: _duration, RoleLastUsed: _use, ...described } = await wholeRole(role, context);
  return described;
}

/** ListRoles' form: no tags, no boundary, no last use (API reference, ListRoles). */
export async function listedRole(role: RoleRecord, context: OperationContext): Promise<Role> {
  const { PermissionsBoundary: _, Tags: _tags, RoleLastUsed: _use, ...listed } = await wholeRole(role, context);
  return listed;
}

/** A role within an instance profile: these six members and no others (observed on AWS, September 2026). */
export async function nestedRole(role: RoleRecord, context: OperationContext): Promise<Role> {
  const { Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument } = await wholeRole(role, context);
  return { Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument };
}

/** All that there is to show of a role. */
export async function wholeRole(role: RoleRecord, context: OperationContext): Promise<Role> {
  const document = await renderTrustPolicy(context.tx, role.trustPolicy, role.trustBindings);
  return describedRole(role, role.lastUsed, document, context);
}

/**
 * GetRole's form; a role that was never used has an empty RoleLastUsed (recorded). One object from first to last: this is
 * on the hot path, and each copy costs as much again.
 *
 * @param document the trust policy, as it is shown
 */
export function describedRole(
  role: SettledRole,
  lastUsed: RoleRecord["lastUsed"],
  document: string,
  context: OperationContext,
): Role {
  const described: { -readonly [Member in keyof Role]: Role[Member] } = {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: iamArn(context.partition, context.account, "role", role.name, role.path),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: document,
    MaxSessionDuration: role.maxSessionDuration,
    RoleLastUsed: lastUsed === null ? {} : { LastUsedDate: new Date(lastUsed.at), Region: lastUsed.region },
  };
  if (role.description !== null) described.Description = role.description;
  if (role.boundaryArn !== null) described.PermissionsBoundary = boundary(role.boundaryArn);
  if (role.tags.length > 0) described.Tags = role.tags.map(describedTag);
  return described;
}

export function describedTag(tag: TagRecord): Tag {
  return { Key: tag.key, Value: tag.value };
}

export function tagsOf(entity: { readonly tags: readonly TagRecord[] }): { Tags?: readonly Tag[] } {
  return entity.tags.length === 0 ? {} : { Tags: entity.tags.map(describedTag) };
}

export function boundaryOf(entity: { readonly boundaryArn: string | null }): {
  PermissionsBoundary?: AttachedPermissionsBoundary;
} {
  return entity.boundaryArn === null ? {} : { PermissionsBoundary: boundary(entity.boundaryArn) };
}

function boundary(arn: string): AttachedPermissionsBoundary {
  return { PermissionsBoundaryType: boundaryType, PermissionsBoundaryArn: arn };
}

// What AWS answers (CLI reference, get-user and get-role), though its model's enum says `PermissionsBoundaryPolicy`.
const boundaryType = "Policy" as string as PermissionsBoundaryAttachmentType;

import { iamArn } from "../../../arn/arn.ts";
import type { SettledRole } from "../../../authorization/known-roles.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { gather } from "../../../store/sql/eventual.ts";
import type { Eventual } from "../../../store/sql/eventual.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import * as users from "../../../store/iam/users.ts";
import { noSuchEntity, validationError } from "./faults.ts";
import { kinds } from "./kinds.ts";
import type { EntityRecord, NamedEntity, RecordOfKind } from "./kinds.ts";

/**
 * An entity that a call names, before anything is said about whether it exists: a caller without permission learns
 * nothing from the answer.
 */
export interface Found<R extends EntityRecord> {
  readonly kind: NamedEntity;
  /** As the caller wrote it. */
  readonly name: string;
  readonly record: R | null;
}

/** Finds what a call names; nothing is said yet about whether it exists. */
export async function find<K extends NamedEntity>(
  kind: K,
  name: string,
  context: OperationContext,
): Promise<Found<RecordOfKind<K>>> {
  const record = await kinds[kind].records.byName(context.tx, context.account, name);
  return { kind, name, record: record as RecordOfKind<K> | null };
}

/** The same by the member of an input that names an entity of the kind: `UserName`. */
export function findIn<K extends NamedEntity>(
  kind: K,
  input: object,
  context: OperationContext,
): Promise<Found<RecordOfKind<K>>> {
  return find(kind, (input as Readonly<Record<string, string>>)[`${kinds[kind].title}Name`]!, context);
}

/** A role to be shown: as its account's revision has it, without its last use. */
export function findSettledRole(name: string, context: OperationContext): Eventual<Found<SettledRole>> {
  const { roles: known } = context.environment.authorizer;
  return gather(
    () => known.byName(context.tx, context.account, name),
    (role) => ({ kind: "role", name, record: role === null ? null : role.record }),
  );
}

/** @throws Fault NoSuchEntity */
export function existing<R extends EntityRecord>(found: Found<R>): R {
  if (found.record === null) throw noSuchEntity(found.kind, found.name);
  return found.record;
}

/** The stored ARN, or for a missing entity the one that its name alone would have. */
export function arnOfFound(found: Found<EntityRecord>, context: OperationContext): string {
  const { kind, name, record } = found;
  return iamArn(context.partition, context.account, kind, record?.name ?? name, record?.path);
}

/**
 * The requirement of an operation on one entity. Its refusal names the entity as AWS does (`role NAME`), whether it
 * exists or not.
 */
export function requirementOn(
  action: string,
  found: Found<EntityRecord>,
  context: OperationContext,
  more: Partial<Requirement> = {},
): Requirement {
  return {
    action,
    resource: arnOfFound(found, context),
    resourceAccount: context.account,
    resourceTags: found.record?.tags,
    shownAs: kinds[found.kind].shownAs(found.name),
    ...more,
  };
}

/**
 * The requirement of a list: the ARN that AWS documents for it ends with the path prefix, e.g.
 * `arn:aws:iam::111122223333:user/division/`.
 */
export function requirementOnList(
  action: string,
  kind: NamedEntity,
  pathPrefix: string | undefined,
  context: OperationContext,
): Requirement {
  const resource = `arn:${context.partition}:iam::${context.account}:${kind}${pathPrefix ?? "/"}`;
  return { action, resource, resourceAccount: context.account };
}

/** The requirement of an operation that has no resource. */
export function requirementOnAll(action: string, context: OperationContext): Requirement {
  return { action, resource: "*", resourceAccount: context.account };
}

/**
 * The user who calls, where a call leaves UserName out: IAM takes it from the access key that signed.
 *
 * @param credentials `longTerm` where the API reference says that temporary credentials of a user do not do
 * @throws Fault ValidationError for a caller who is no user
 */
export async function callingUser(
  credentials: "any" | "longTerm",
  context: OperationContext,
): Promise<Found<UserRecord>> {
  const { principal, entity, session } = context.caller;
  if (principal.type !== "User" || entity === null || (credentials === "longTerm" && session !== null)) {
    throw validationError("Must specify userName when calling with non-User credentials");
  }
  return { kind: "user", name: entity.name, record: await users.byId(context.tx, entity.id) };
}

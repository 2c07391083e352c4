import { iamArn, parseArn } from "../../../arn/arn.ts";
import type { IamType } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { Fault } from "../../../contracts/fault.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import type { Tag } from "../../../store/iam/tags.ts";
import type { Tx } from "../../../store/sql/database.ts";
import type { TagTarget } from "../entity/tag-family.ts";
import { invalidInput, validationError } from "../entity/faults.ts";

/** Both kinds of identity provider are named by their ARN, in which the name is all of the resource: they have no path. */
type ProviderType = Extract<IamType, "oidc-provider" | "saml-provider">;

interface ProviderRecord extends Ref {
  readonly name: string;
  readonly tags: readonly Tag[];
}

/** What a call names, before anything is said about whether it exists. */
export interface FoundProvider<R extends ProviderRecord = ProviderRecord> {
  readonly arn: string;
  /** The account in the ARN, which need not be the caller's. */
  readonly account: string;
  readonly record: R | null;
}

export interface ProviderKind<R extends ProviderRecord> {
  readonly type: ProviderType;
  readonly byName: (tx: Tx, account: string, name: string) => Promise<R | null>;
  /** The refusal where it is missing. */
  readonly missing: (arn: string) => Fault;
}

/**
 * Finds what an ARN names. Providers of other accounts are never looked up: IAM calls are about the caller's account.
 * Texts that can be no such ARN are refused as those of managed policies are, by analogy.
 *
 * @throws Fault ValidationError, InvalidInput
 */
export async function findProvider<R extends ProviderRecord>(
  kind: ProviderKind<R>,
  arn: string,
  context: OperationContext,
): Promise<FoundProvider<R>> {
  const parts = parseArn(arn);
  if (parts === null) throw validationError(`ARN ${arn} is not valid.`);
  if (parts.partition !== context.partition) throw validationError("Invalid ARN partition");
  const prefix = `${kind.type}/`;
  const { account, resource } = parts;
  if (parts.service !== "iam" || parts.region !== "" || !resource.startsWith(prefix)) {
    throw invalidInput(`ARN ${arn} is not valid.`);
  }
  const record =
    account === context.account ? await kind.byName(context.tx, account, resource.slice(prefix.length)) : null;
  // Case counts in an ARN, whatever it does in names.
  return {
    arn,
    account,
    record: record !== null && arn === arnOfProvider(kind.type, record.name, context) ? record : null,
  };
}

export function arnOfProvider(type: ProviderType, name: string, { partition, account }: OperationContext): string {
  return iamArn(partition, account, type, name);
}

/** The requirement of an operation on one provider. */
export function requirementOnProvider(action: string, { arn, account, record }: FoundProvider): Requirement {
  return { action, resource: arn, resourceAccount: account, resourceTags: record?.tags };
}

/** The requirements to create one: with tags the permission to tag as well (seen in public logs of AWS's refusals). */
export function requirementsToCreate(
  action: string,
  tagAction: string,
  resource: string,
  requestTags: readonly Tag[],
  { account }: OperationContext,
): readonly Requirement[] {
  const create: Requirement = { action, resource, resourceAccount: account, requestTags };
  return requestTags.length === 0 ? [create] : [create, { ...create, action: tagAction }];
}

/** @throws Fault NoSuchEntity */
export function existingProvider<R extends ProviderRecord>(
  { arn, record }: FoundProvider<R>,
  missing: (arn: string) => Fault,
): R {
  if (record === null) throw missing(arn);
  return record;
}

/** What a provider is to the operations on its tags. */
export function taggedProvider<R extends ProviderRecord>(
  kind: ProviderKind<R>,
): (arn: string, context: OperationContext) => Promise<TagTarget> {
  return async (arn, context) => {
    const found = await findProvider(kind, arn, context);
    return { owner: () => existingProvider(found, kind.missing), requirement: requirementOnProvider("", found) };
  };
}

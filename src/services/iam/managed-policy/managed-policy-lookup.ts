import { isPolicyArn, parseArn } from "../../../arn/arn.ts";
import type { AwsManagedPolicy } from "../../../authorization/aws-managed-policies.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as policies from "../../../store/iam/policies.ts";
import type { PolicyRecord } from "../../../store/iam/policies.ts";
import type { Fault } from "../../../contracts/fault.ts";
import { noSuchPolicy } from "../entity/faults.ts";
import { foreignPartition, notAnArn, notAPolicyArn, outsideAccount } from "../policy/policy-faults.ts";
import type { PolicyChange } from "../policy/policy-faults.ts";

/** A managed policy: the account's own, or one of AWS's. */
export type ManagedPolicy =
  | { readonly owner: "customer"; readonly record: PolicyRecord }
  | { readonly owner: "aws"; readonly policy: AwsManagedPolicy };

/** A managed policy that a call names by ARN, before anything is said about whether it exists. */
export interface FoundPolicy {
  readonly arn: string;
  /** `aws` for AWS's own, else the account in the ARN, which need not be the caller's. */
  readonly account: string;
  readonly policy: ManagedPolicy | null;
}

/**
 * Finds what an ARN names. Policies of other accounts are never looked up: IAM calls are about the caller's account.
 *
 * @throws Fault ValidationError, InvalidInput where the text can be no policy's ARN
 */
export async function findPolicy(text: string, context: OperationContext): Promise<FoundPolicy> {
  const { account } = policyArnParts(text, context.partition);
  return { arn: text, account, policy: await lookUp(text, account, context) };
}

async function lookUp(arn: string, account: string, context: OperationContext): Promise<ManagedPolicy | null> {
  if (account === "aws") {
    const policy = context.environment.awsManaged.get(arn);
    return policy === undefined ? null : { owner: "aws", policy };
  }
  if (account !== context.account) return null;
  const record = await policies.byArn(context.tx, arn);
  return record === null ? null : { owner: "customer", record };
}

function policyArnParts(text: string, partition: string): { account: string } {
  const arn = parseArn(text);
  if (arn === null) throw notAnArn(text);
  if (arn.partition !== partition) throw foreignPartition();
  if (!isPolicyArn(arn)) throw notAPolicyArn(text);
  return { account: arn.account };
}

/** What aws:ResourceAccount is for every policy of AWS's own (observed on AWS, September 2026). */
const accountOfAws = "639982225848";

/** The requirement of an operation on one managed policy. AWS's own count as the caller's account's. */
export function requirementOnPolicy(action: string, found: FoundPolicy, context: OperationContext): Requirement {
  const { arn, account, policy } = found;
  return {
    action,
    resource: arn,
    ...(account === "aws"
      ? { resourceAccount: context.account, resourceOwner: accountOfAws }
      : { resourceAccount: account }),
    resourceTags: policy?.owner === "customer" ? policy.record.tags : undefined,
    shownAs: `policy ${arn}`,
  };
}

/**
 * For operations that read a policy.
 *
 * @param missing what is said of one that does not exist
 * @throws Fault NoSuchEntity, AccessDenied for a policy of another account
 */
export function existingPolicy(
  found: FoundPolicy,
  context: OperationContext,
  missing: (arn: string) => Fault = noSuchPolicy,
): ManagedPolicy {
  if (found.account !== "aws" && found.account !== context.account) throw outsideAccount();
  if (found.policy === null) throw missing(found.arn);
  return found.policy;
}

/** For operations that change a policy. @throws Fault NoSuchEntity, AccessDenied for AWS's and another account's */
export function existingCustomerPolicy(
  found: FoundPolicy,
  context: OperationContext,
  change?: PolicyChange,
  missing: (arn: string) => Fault = noSuchPolicy,
): PolicyRecord {
  if (found.account !== context.account) throw outsideAccount(change);
  if (found.policy?.owner !== "customer") throw missing(found.arn);
  return found.policy.record;
}

import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { CreatePolicyRequest } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import * as policies from "../../../store/iam/policies.ts";
import * as versions from "../../../store/iam/policy-versions.ts";
import * as tags from "../../../store/iam/tags.ts";
import { made } from "../entity/entity-quota.ts";
import { quotaExceeded } from "../entity/faults.ts";
import { createdPolicy, describedPolicy, listedAwsPolicy } from "./managed-policy-describe.ts";
import { existingCustomerPolicy, existingPolicy, findPolicy, requirementOnPolicy } from "./managed-policy-lookup.ts";
import { checkIdentityPolicy } from "../policy/policy-document.ts";
import { policyAlreadyExists, policyHasVersions, policyIsUsed } from "../policy/policy-faults.ts";
import { policySize } from "../policy/policy-size.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";

export const createPolicy = operation("iam", "CreatePolicy", {
  writes: true,
  authorize: (input, _, context) => requirementsToCreate(input, context),
  handle: async (input, _, context) => {
    const { tx, account } = context;
    checkManagedPolicy(input.PolicyDocument, context);
    const added = checkedTags(input.Tags, [], tags.exactCase, context);
    const { PolicyName: name, Path: path = "/" } = input;
    const wanted = {
      id: context.environment.ids.uniqueId("ANPA", account),
      account,
      arn: newArn(input, context),
      name,
      path,
      description: input.Description,
      createdAt: context.request.now,
      document: input.PolicyDocument,
      tags: added,
    };
    const record = await made(
      "policiesPerAccount",
      context,
      (limit) => policies.create(tx, wanted, limit),
      () => policyAlreadyExists(name),
    );
    return { Policy: createdPolicy(record) };
  },
});

/** Creating with tags needs the permission to tag as well (Service Authorization Reference, iam:CreatePolicy). */
function requirementsToCreate(input: CreatePolicyRequest, context: OperationContext): Requirement[] {
  const create: Requirement = {
    action: "iam:CreatePolicy",
    resource: newArn(input, context),
    resourceAccount: context.account,
    requestTags: tagRecords(input.Tags),
    shownAs: `policy ${input.PolicyName}`,
  };
  const isTagged = input.Tags !== undefined && input.Tags.length > 0;
  return isTagged ? [create, { ...create, action: "iam:TagPolicy" }] : [create];
}

function newArn(input: CreatePolicyRequest, context: OperationContext): string {
  return iamArn(context.partition, context.account, "policy", input.PolicyName, input.Path);
}

/**
 * What any version of a managed policy must be.
 *
 * @throws Fault MalformedPolicyDocument, LimitExceeded
 */
export function checkManagedPolicy(document: string, context: OperationContext): void {
  checkIdentityPolicy(document, "managed", context);
  const limit = context.environment.quotas.managedPolicySize;
  if (policySize(document) > limit) throw quotaExceeded("PolicySize", limit);
}

export const getPolicy = operation("iam", "GetPolicy", {
  writes: false,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:GetPolicy", found, context)],
  handle: async (_, found, context) => {
    const policy = existingPolicy(found, context);
    if (policy.owner === "customer") return { Policy: describedPolicy(policy.record) };
    const usage = await attachments.usageOf(context.tx, context.account, found.arn);
    return { Policy: { ...listedAwsPolicy(policy.policy, usage), Tags: [] } };
  },
});

export const deletePolicy = operation("iam", "DeletePolicy", {
  writes: true,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:DeletePolicy", found, context)],
  handle: async (_, found, context) => {
    const { tx } = context;
    const policy = existingCustomerPolicy(found, context, "delete policies");
    if (policy.attachmentCount > 0 || policy.boundaryUsageCount > 0) throw policyIsUsed();
    if ((await versions.list(tx, policy)).length > 1) throw policyHasVersions();
    await Promise.all([tags.removeAll(tx, policy), policies.remove(tx, policy)]);
    return {};
  },
});

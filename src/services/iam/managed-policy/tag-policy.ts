import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { existingCustomerPolicy, existingPolicy, findPolicy, requirementOnPolicy } from "./managed-policy-lookup.ts";
import { tagging, tagListing, untagging } from "../entity/tag.ts";
import type { TagTarget } from "../entity/tag.ts";

interface NamesPolicy {
  readonly PolicyArn: string;
}

async function writableTarget({ PolicyArn }: NamesPolicy, context: OperationContext): Promise<TagTarget> {
  const found = await findPolicy(PolicyArn, context);
  return { owner: () => existingCustomerPolicy(found, context), requirement: requirementOnPolicy("", found, context) };
}

/** AWS managed policies can be asked for their tags; they have none. */
async function readableTarget({ PolicyArn }: NamesPolicy, context: OperationContext): Promise<TagTarget> {
  const found = await findPolicy(PolicyArn, context);
  const owner = () => {
    const policy = existingPolicy(found, context);
    return policy.owner === "customer" ? policy.record : { account: "aws", id: policy.policy.policyId, tags: [] };
  };
  return { owner, requirement: requirementOnPolicy("", found, context) };
}

export const tagPolicy = operation("iam", "TagPolicy", tagging("iam:TagPolicy", writableTarget));
export const untagPolicy = operation("iam", "UntagPolicy", untagging("iam:UntagPolicy", writableTarget));
export const listPolicyTags = operation("iam", "ListPolicyTags", tagListing("ListPolicyTags", readableTarget));

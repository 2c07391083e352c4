import type { OperationContext } from "../../../operation/context.ts";
import { invalidInput } from "../entity/faults.ts";
import type { TagTarget } from "../entity/tag-family.ts";
import { existingCustomerPolicy, existingPolicy, findPolicy, requirementOnPolicy } from "./managed-policy-lookup.ts";

/** What a policy is to the operations that change its tags. AWS's own refuse them in words of their own (observed). */
export async function policyToTag(arn: string, context: OperationContext): Promise<TagTarget> {
  const found = await findPolicy(arn, context);
  const owner = () => {
    if (found.account === "aws") throw invalidInput("Tags not supported for policies in this domain");
    return existingCustomerPolicy(found, context);
  };
  return { owner, requirement: requirementOnPolicy("", found, context) };
}

/** AWS managed policies can be asked for their tags; they have none. */
export async function policyToRead(arn: string, context: OperationContext): Promise<TagTarget> {
  const found = await findPolicy(arn, context);
  const owner = () => {
    const policy = existingPolicy(found, context);
    return policy.owner === "customer" ? policy.record : { account: "aws", id: policy.policy.policyId, tags: [] };
  };
  return { owner, requirement: requirementOnPolicy("", found, context) };
}

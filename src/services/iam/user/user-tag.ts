import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { existing, findUser, requirementOn } from "../entity/entity-names.ts";
import { tagging, tagListing, untagging } from "../entity/tag.ts";
import type { TagTarget } from "../entity/tag.ts";

async function target(input: { readonly UserName: string }, context: OperationContext): Promise<TagTarget> {
  const found = await findUser(input.UserName, context);
  return { owner: () => existing(found), requirement: requirementOn("", found, context) };
}

export const tagUser = operation("iam", "TagUser", tagging("iam:TagUser", target));
export const untagUser = operation("iam", "UntagUser", untagging("iam:UntagUser", target));
export const listUserTags = operation("iam", "ListUserTags", tagListing("ListUserTags", target));

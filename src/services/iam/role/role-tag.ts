import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { existing, findRole, requirementOn } from "../entity/entity-names.ts";
import { tagging, tagListing, untagging } from "../entity/tag.ts";
import type { TagTarget } from "../entity/tag.ts";

async function target(input: { readonly RoleName: string }, context: OperationContext): Promise<TagTarget> {
  const found = await findRole(input.RoleName, context);
  return { owner: () => existing(found), requirement: requirementOn("", found, context) };
}

export const tagRole = operation("iam", "TagRole", tagging("iam:TagRole", target));
export const untagRole = operation("iam", "UntagRole", untagging("iam:UntagRole", target));
export const listRoleTags = operation("iam", "ListRoleTags", tagListing("ListRoleTags", target));

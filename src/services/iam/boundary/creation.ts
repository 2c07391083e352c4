import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { Tag } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { titleOf } from "../entity/kinds.ts";
import { tagRecords } from "../entity/tag.ts";
import { boundaryContext } from "./boundary.ts";

/** What the creation of a user and of a role say alike. */
interface Creation {
  readonly Path?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

/** To make it, and to tag it where it is made with tags (Service Authorization Reference, CreateUser and CreateRole). */
export function requirementsToCreate(
  kind: "user" | "role",
  name: string,
  { Path: path, PermissionsBoundary: boundary, Tags: tags }: Creation,
  context: OperationContext,
): readonly Requirement[] {
  const title = titleOf(kind);
  const requirement = {
    resource: iamArn(context.partition, context.account, kind, name, path),
    resourceAccount: context.account,
    requestTags: tagRecords(tags),
  };
  const create = { ...requirement, action: `iam:Create${title}`, context: boundaryContext(boundary) };
  return requirement.requestTags.length === 0 ? [create] : [create, { ...requirement, action: `iam:Tag${title}` }];
}

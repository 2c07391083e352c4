import type { Registry } from "../../../operation/operation.ts";
import { anyCase } from "../../../store/iam/tags.ts";
import { attachmentOperations } from "../attachment/attachment.ts";
import { boundaryOperations } from "../boundary/boundary-family.ts";
import { listedUser } from "../entity/describe.ts";
import { pathListOperation } from "../entity/path-list.ts";
import { renameOperation } from "../entity/rename.ts";
import { taggedEntity, tagOperations } from "../entity/tag-family.ts";
import { inlinePolicyOperations } from "../inline-policy/inline-policy.ts";
import { createUser, deleteUser, getUser } from "./user.ts";

export const userOperations = {
  CreateUser: createUser,
  GetUser: getUser,
  DeleteUser: deleteUser,
  ...renameOperation("user"),
  ...pathListOperation("user", listedUser),
  ...tagOperations("User", { by: "UserName", keys: anyCase, find: taggedEntity("user") }),
  ...attachmentOperations("user"),
  ...inlinePolicyOperations("user"),
  ...boundaryOperations("user"),
} satisfies Partial<Registry<"iam">>;

import type { Registry } from "../../../operation/operation.ts";
import { attachmentOperations } from "../attachment/attachment.ts";
import { describedGroup } from "../entity/describe.ts";
import { pathListOperation } from "../entity/path-list.ts";
import { renameOperation } from "../entity/rename.ts";
import { inlinePolicyOperations } from "../inline-policy/inline-policy.ts";
import { addUserToGroup, listGroupsForUser, removeUserFromGroup } from "./group-membership.ts";
import { createGroup, deleteGroup, getGroup } from "./group.ts";

export const groupOperations = {
  CreateGroup: createGroup,
  GetGroup: getGroup,
  DeleteGroup: deleteGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
  ListGroupsForUser: listGroupsForUser,
  ...renameOperation("group"),
  ...pathListOperation("group", describedGroup),
  ...attachmentOperations("group"),
  ...inlinePolicyOperations("group"),
} satisfies Partial<Registry<"iam">>;

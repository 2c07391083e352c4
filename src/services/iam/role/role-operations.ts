import type { Registry } from "../../../operation/operation.ts";
import { anyCase } from "../../../store/iam/tags.ts";
import { attachmentOperations } from "../attachment/attachment.ts";
import { boundaryOperations } from "../boundary/boundary-family.ts";
import { listedRole } from "../entity/describe.ts";
import { pathListOperation } from "../entity/path-list.ts";
import { taggedEntity, tagOperations } from "../entity/tag-family.ts";
import { inlinePolicyOperations } from "../inline-policy/inline-policy.ts";
import { createRole, deleteRole, getRole, updateAssumeRolePolicy, updateRole, updateRoleDescription } from "./role.ts";

export const roleOperations = {
  CreateRole: createRole,
  GetRole: getRole,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
  ...pathListOperation("role", listedRole),
  ...tagOperations("Role", { by: "RoleName", keys: anyCase, find: taggedEntity("role") }),
  ...attachmentOperations("role"),
  ...inlinePolicyOperations("role"),
  ...boundaryOperations("role"),
} satisfies Partial<Registry<"iam">>;

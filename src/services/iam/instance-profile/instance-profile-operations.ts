import type { Registry } from "../../../operation/operation.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { pathListOperation } from "../entity/path-list.ts";
import { taggedEntity, tagOperations } from "../entity/tag-family.ts";
import { createInstanceProfile, deleteInstanceProfile, getInstanceProfile } from "./instance-profile.ts";
import { profileWithRole } from "./instance-profile-describe.ts";
import {
  addRoleToInstanceProfile,
  listInstanceProfilesForRole,
  removeRoleFromInstanceProfile,
} from "./instance-profile-role.ts";

export const instanceProfileOperations = {
  CreateInstanceProfile: createInstanceProfile,
  GetInstanceProfile: getInstanceProfile,
  DeleteInstanceProfile: deleteInstanceProfile,
  AddRoleToInstanceProfile: addRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
  ...pathListOperation("instance-profile", profileWithRole),
  ...tagOperations("InstanceProfile", {
    by: "InstanceProfileName",
    keys: exactCase,
    find: taggedEntity("instance-profile"),
  }),
} satisfies Partial<Registry<"iam">>;

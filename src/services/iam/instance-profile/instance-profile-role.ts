import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as instanceProfiles from "../../../store/iam/instance-profiles.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import { arnOfFound, existing, find, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { iamFault, quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";
import { modifiable } from "../entity/role-protection.ts";
import { listedProfile } from "./instance-profile-describe.ts";

/** An instance profile has one role at most, the same role again included (recorded from AWS, LocalStack snapshots, 2026). */
const rolesPerProfile = 1;

interface Names {
  readonly InstanceProfileName: string;
  readonly RoleName: string;
}

async function profileAndRole({ InstanceProfileName: profile, RoleName: role }: Names, context: OperationContext) {
  return {
    profile: await find("instance-profile", profile, context),
    role: await find("role", role, context),
  };
}

/** Whoever gives a role to instances must be allowed to pass it to EC2, whichever instances those will be. */
function requirementToPass(role: Found<RoleRecord>, context: OperationContext): Requirement {
  return requirementOn("iam:PassRole", role, context, {
    shownAs: arnOfFound(role, context),
    // The values of both keys were observed on AWS, September 2026 (radkawar/stackd captures).
    context: {
      "iam:PassedToService": "ec2.amazonaws.com",
      "iam:AssociatedResourceArn": `arn:${context.partition}:ec2:*:${context.account}:instance/*`,
    },
  });
}

export const addRoleToInstanceProfile = operation("iam", "AddRoleToInstanceProfile", {
  writes: true,
  load: profileAndRole,
  authorize: (_, { profile, role }, context) => [
    requirementOn("iam:AddRoleToInstanceProfile", profile, context),
    requirementToPass(role, context),
  ],
  handle: async (_, found, context) => {
    const profile = existing(found.profile);
    const role = modifiable(existing(found.role));
    if (profile.roleId !== null) throw quotaExceeded("InstanceSessionsPerInstanceProfile", rolesPerProfile);
    await instanceProfiles.update(context.tx, profile, { roleId: role.id });
    return {};
  },
});

export const removeRoleFromInstanceProfile = operation("iam", "RemoveRoleFromInstanceProfile", {
  writes: true,
  load: profileAndRole,
  authorize: (_, { profile }, context) => [requirementOn("iam:RemoveRoleFromInstanceProfile", profile, context)],
  handle: async (input, found, context) => {
    const profile = existing(found.profile);
    const role = modifiable(existing(found.role));
    if (profile.roleId !== role.id) {
      const message = `Role ${input.RoleName} in Instance Profile ${input.InstanceProfileName} cannot be found.`;
      throw iamFault("NoSuchEntity", message);
    }
    await instanceProfiles.update(context.tx, profile, { roleId: null });
    return {};
  },
});

export const listInstanceProfilesForRole = operation("iam", "ListInstanceProfilesForRole", {
  writes: false,
  load: (input, context) => find("role", input.RoleName, context),
  authorize: (_, role, context) => [requirementOn("iam:ListInstanceProfilesForRole", role, context)],
  handle: (input, found, context) => {
    const role = existing(found);
    return pages.list("ListInstanceProfilesForRole", input, {
      fetch: (after, limit) => instanceProfiles.ofRole(context.tx, role, { after, limit }),
      keyOf: ({ name }) => name,
      show: (profile) => listedProfile(profile, role, context),
    });
  },
});

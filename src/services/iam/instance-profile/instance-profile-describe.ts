import { iamArn } from "../../../arn/arn.ts";
import type { InstanceProfile } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { InstanceProfileRecord } from "../../../store/iam/instance-profiles.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import * as roles from "../../../store/iam/roles.ts";
import { describedTag, nestedRole } from "../entity/describe.ts";

/** As lists have it: without tags (API reference, ListInstanceProfiles). */
export async function listedProfile(
  profile: InstanceProfileRecord,
  role: RoleRecord | null,
  context: OperationContext,
): Promise<InstanceProfile> {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: iamArn(context.partition, context.account, "instance-profile", profile.name, profile.path),
    CreateDate: new Date(profile.createdAt),
    Roles: role === null ? [] : [await nestedRole(role, context)],
  };
}

/** The same with the role looked up. */
export async function profileWithRole(
  profile: InstanceProfileRecord,
  context: OperationContext,
): Promise<InstanceProfile> {
  const role = profile.roleId === null ? null : await roles.byId(context.tx, profile.roleId);
  return listedProfile(profile, role, context);
}

/** GetInstanceProfile's form has its tags even where there are none (recorded from AWS, LocalStack snapshots, 2026). */
export async function describedProfile(
  profile: InstanceProfileRecord,
  context: OperationContext,
): Promise<InstanceProfile> {
  return { ...(await profileWithRole(profile, context)), Tags: profile.tags.map(describedTag) };
}

import type { AwsManagedPolicy } from "../../../authorization/aws-managed-policies.ts";
import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import * as inlinePolicies from "../../../store/iam/inline-policies.ts";
import * as instanceProfiles from "../../../store/iam/instance-profiles.ts";
import * as versions from "../../../store/iam/policy-versions.ts";
import { principalPolicies } from "../../../store/iam/principal-policies.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import type { InlinePolicy } from "../../../store/iam/inline-policies.ts";
import type { PolicyRecord } from "../../../store/iam/policies.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { attachedPolicy } from "../attachment/attachment.ts";
import { describedGroup, describedTag, describedUser, wholeRole } from "../entity/describe.ts";
import { listedProfile } from "../instance-profile/instance-profile-describe.ts";
import { detailedAwsPolicy, detailedPolicy } from "../managed-policy/managed-policy-describe.ts";

/** What GetAccountAuthorizationDetails says of each thing. Tags are there even where there are none (recorded from AWS, 2026). */

export async function userDetail(user: UserRecord, context: OperationContext): Promise<UserDetail> {
  const granted = await principalPolicies(context.tx, { kind: "user", id: user.id });
  // The password's last use is no part of this form (API reference, UserDetail).
  const { PasswordLastUsed: _, ...described } = describedUser(user, context);
  return {
    ...described,
    Tags: user.tags.map(describedTag),
    // Absent where there are none; the lists of groups and roles are there, empty (recorded from AWS, 2026).
    ...(granted.inline.length === 0 ? {} : { UserPolicyList: inlineDetails(granted.inline) }),
    GroupList: granted.groups.map((group) => group.name).sort(),
    AttachedManagedPolicies: attachedDetails(granted.attached),
  };
}

export async function groupDetail(group: GroupRecord, context: OperationContext): Promise<GroupDetail> {
  const { tx } = context;
  const inline: InlinePolicy[] = [];
  for (const name of await inlinePolicies.names(tx, group, { limit: (await inlinePolicies.totals(tx, group)).count })) {
    const policy = await inlinePolicies.get(tx, group, name);
    if (policy !== null) inline.push(policy);
  }
  const attached = await attachments.listByOwner(tx, group, { limit: await attachments.countByOwner(tx, group) });
  return {
    ...describedGroup(group, context),
    GroupPolicyList: inlineDetails(inline),
    AttachedManagedPolicies: attachedDetails(attached),
  };
}

export async function roleDetail(role: RoleRecord, context: OperationContext): Promise<RoleDetail> {
  const granted = await principalPolicies(context.tx, { kind: "role", id: role.id });
  const profiles = [];
  const limit = await instanceProfiles.countOfRole(context.tx, role);
  for (const profile of await instanceProfiles.ofRole(context.tx, role, { limit })) {
    profiles.push(await listedProfile(profile, role, context));
  }
  // Description and session duration are no part of this form (API reference, RoleDetail).
  const { Description: _description, MaxSessionDuration: _duration, ...described } = await wholeRole(role, context);
  return {
    ...described,
    Tags: role.tags.map(describedTag),
    InstanceProfileList: profiles,
    RolePolicyList: inlineDetails(granted.inline),
    AttachedManagedPolicies: attachedDetails(granted.attached),
  };
}

export async function policyDetail(policy: PolicyRecord, context: OperationContext): Promise<ManagedPolicyDetail> {
  return detailedPolicy(policy, await versions.list(context.tx, policy));
}

export async function awsPolicyDetail(
  policy: AwsManagedPolicy,
  context: OperationContext,
): Promise<ManagedPolicyDetail> {
  return detailedAwsPolicy(policy, await attachments.usageOf(context.tx, context.account, policy.arn));
}

/** By name: the store's one query for everything has no order. */
function inlineDetails(inline: readonly InlinePolicy[]): PolicyDetail[] {
  return inline
    .map(({ name, document }) => ({ PolicyName: name, PolicyDocument: document }))
    .sort((a, b) => (a.PolicyName < b.PolicyName ? -1 : 1));
}

function attachedDetails(arns: readonly string[]): readonly AttachedPolicy[] {
  return arns.toSorted().map(attachedPolicy);
}

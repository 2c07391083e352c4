import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as accessKeys from "../../../store/iam/access-keys.ts";
import * as quotas from "../../../store/iam/quotas.ts";
import { requirementOnAll } from "../entity/entity-names.ts";

export const getAccountSummary = operation("iam", "GetAccountSummary", {
  writes: false,
  authorize: (_, __, context) => [requirementOnAll("iam:GetAccountSummary", context)],
  handle: async (_, __, context) => ({ SummaryMap: { ...(await counts(context)), ...limits(context), ...absent } }),
});

/** What there is; the quotas' own counters know. */
async function counts(context: OperationContext): Promise<Readonly<Record<string, number>>> {
  const used = await quotas.all(context.tx, context.account);
  const rootKeys = await accessKeys.countByOwner(context.tx, context.account);
  return {
    Users: used.get("UsersPerAccount") ?? 0,
    Groups: used.get("GroupsPerAccount") ?? 0,
    Roles: used.get("RolesPerAccount") ?? 0,
    Policies: used.get("PoliciesPerAccount") ?? 0,
    AccountAccessKeysPresent: rootKeys > 0 ? 1 : 0,
  };
}

function limits({ environment }: OperationContext): Readonly<Record<string, number>> {
  const limit = environment.quotas;
  return {
    UsersQuota: limit.usersPerAccount,
    GroupsQuota: limit.groupsPerAccount,
    RolesQuota: limit.rolesPerAccount,
    PoliciesQuota: limit.policiesPerAccount,
    GroupsPerUserQuota: limit.groupsPerUser,
    AccessKeysPerUserQuota: limit.accessKeysPerUser,
    AttachedPoliciesPerUserQuota: limit.attachedPoliciesPerUser,
    AttachedPoliciesPerGroupQuota: limit.attachedPoliciesPerGroup,
    AttachedPoliciesPerRoleQuota: limit.attachedPoliciesPerRole,
    VersionsPerPolicyQuota: limit.versionsPerPolicy,
    PolicySizeQuota: limit.managedPolicySize,
    UserPolicySizeQuota: limit.inlinePolicySizePerUser,
    GroupPolicySizeQuota: limit.inlinePolicySizePerGroup,
    RolePolicySizeQuota: limit.inlinePolicySizePerRole,
    AssumeRolePolicySizeQuota: limit.trustPolicySize,
  };
}

/** Kinds of thing that nobody can create here: their operations are not built, so there are none. */
const absent = {
  AccountMFAEnabled: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  InstanceProfiles: 0,
  MFADevices: 0,
  MFADevicesInUse: 0,
  Providers: 0,
  ServerCertificates: 0,
} as const;

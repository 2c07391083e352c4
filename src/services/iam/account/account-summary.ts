import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as accessKeys from "../../../store/iam/access-keys.ts";
import * as preferences from "../../../store/iam/account-preferences.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import * as quotas from "../../../store/iam/quotas.ts";
import * as signingCertificates from "../../../store/iam/signing-certificates.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { kinds } from "../entity/kinds.ts";
import type { EntityQuota } from "../entity/kinds.ts";

export const getAccountSummary = operation("iam", "GetAccountSummary", {
  writes: false,
  authorize: (_, __, context) => [requirementOnAll("iam:GetAccountSummary", context)],
  handle: async (_, __, context) => ({ SummaryMap: { ...unvaried, ...(await counts(context)), ...limits(context) } }),
});

/** What there is; the quotas' own counters know. */
async function counts(context: OperationContext): Promise<Readonly<Record<string, number>>> {
  const used = await quotas.all(context.tx, context.account);
  const usage = await attachments.usage(context.tx, context.account);
  const { tokenVersion } = await preferences.byAccount(context.tx, context.account);
  const rootKeys = await accessKeys.countByOwner(context.tx, context.account);
  const rootDevices = await mfaDevices.countByOwner(context.tx, context.account);
  const rootCertificates = await signingCertificates.countByOwner(context.tx, context.account);
  return {
    ...ofEachKind((title) => [`${title}s`, used.get(`${title}sPerAccount`) ?? 0]),
    Policies: used.get("PoliciesPerAccount") ?? 0,
    // Of both kinds.
    Providers: (used.get("OpenIdConnectProvidersPerAccount") ?? 0) + (used.get("SAMLProvidersPerAccount") ?? 0),
    PolicyVersionsInUse: [...usage.values()].filter(({ attachments: count }) => count > 0).length,
    AccountAccessKeysPresent: rootKeys > 0 ? 1 : 0,
    AccountSigningCertificatesPresent: rootCertificates > 0 ? 1 : 0,
    MFADevices: used.get("MFADevicesPerAccount") ?? 0,
    MFADevicesInUse: await mfaDevices.countAssigned(context.tx, context.account),
    AccountMFAEnabled: rootDevices > 0 ? 1 : 0,
    GlobalEndpointTokenVersion: tokenVersion,
  };
}

function limits({ environment }: OperationContext): Readonly<Record<string, number>> {
  const limit = environment.quotas;
  return {
    ...ofEachKind((title, quota) => [`${title}sQuota`, limit[quota]]),
    PoliciesQuota: limit.policiesPerAccount,
    GroupsPerUserQuota: limit.groupsPerUser,
    AccessKeysPerUserQuota: limit.accessKeysPerUser,
    SigningCertificatesPerUserQuota: limit.signingCertificatesPerUser,
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

/** Named entities stand under their title: `Users`, `UsersQuota`. */
function ofEachKind(entry: (title: string, quota: EntityQuota) => [string, number]): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.values(kinds).map(({ title, quota }) => entry(title, quota)));
}

/** What is the same in every account: a root has no password here, and of policies in use there may be any number. */
const unvaried = {
  AccountPasswordPresent: 0,
  // AWS's (recorded, LocalStack snapshots, 2026).
  PolicyVersionsInUseQuota: 10_000,
} as const;

/**
 * AWS's default quotas (IAM User Guide, "IAM and AWS STS quotas"), as settings. Sizes count characters without white
 * space, as AWS does.
 */
export const defaultQuotas = {
  usersPerAccount: 5000,
  groupsPerAccount: 300,
  rolesPerAccount: 1000,
  policiesPerAccount: 1500,
  instanceProfilesPerAccount: 1000,
  openIdConnectProvidersPerAccount: 100,
  clientIdsPerOpenIdConnectProvider: 100,
  samlProvidersPerAccount: 100,
  serverCertificatesPerAccount: 20,
  accessKeysPerUser: 2,
  sshPublicKeysPerUser: 5,
  mfaDevicesPerUser: 8,
  signingCertificatesPerUser: 2,
  serviceSpecificCredentialsPerUserPerService: 2,
  groupsPerUser: 10,
  attachedPoliciesPerUser: 10,
  attachedPoliciesPerGroup: 10,
  attachedPoliciesPerRole: 10,
  versionsPerPolicy: 5,
  delegationRequestsPerAccount: 100,
  tagsPerResource: 50,
  trustPolicySize: 2048,
  managedPolicySize: 6144,
  inlinePolicySizePerUser: 2048,
  inlinePolicySizePerGroup: 5120,
  inlinePolicySizePerRole: 10_240,
} as const satisfies Record<string, number>;

export type Quotas = Readonly<Record<keyof typeof defaultQuotas, number>>;

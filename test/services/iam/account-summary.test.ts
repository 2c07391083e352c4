import { beforeAll, afterAll, expect, it } from "vitest";
import { Harness } from "../harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
});
afterAll(() => harness.close());

/** Recorded from AWS (LocalStack snapshots, 2026), in no order. */
const keys = `
  AccessKeysPerUserQuota AccountAccessKeysPresent AccountMFAEnabled AccountPasswordPresent
  AccountSigningCertificatesPresent AssumeRolePolicySizeQuota AttachedPoliciesPerGroupQuota AttachedPoliciesPerRoleQuota
  AttachedPoliciesPerUserQuota GlobalEndpointTokenVersion GroupPolicySizeQuota Groups
  GroupsPerUserQuota GroupsQuota InstanceProfiles InstanceProfilesQuota
  MFADevices MFADevicesInUse Policies PoliciesQuota
  PolicySizeQuota PolicyVersionsInUse PolicyVersionsInUseQuota Providers
  RolePolicySizeQuota Roles RolesQuota ServerCertificates
  ServerCertificatesQuota SigningCertificatesPerUserQuota UserPolicySizeQuota Users
  UsersQuota VersionsPerPolicyQuota
`
  .trim()
  .split(/\s+/);

it("has AWS's keys, and counts policies in use, not how often they are attached", async () => {
  const arns = ["ReadOnlyAccess", "AdministratorAccess"].map((name) => `arn:aws:iam::aws:policy/${name}`);
  for (const UserName of ["alice", "bob"]) {
    await harness.ok("CreateUser", { UserName });
    for (const PolicyArn of arns) await harness.ok("AttachUserPolicy", { UserName, PolicyArn });
  }
  const { SummaryMap } = await harness.ok("GetAccountSummary", {});
  expect(Object.keys(SummaryMap ?? {}).sort()).toEqual(keys.toSorted());
  expect(SummaryMap).toMatchObject({ PolicyVersionsInUse: 2 });
});

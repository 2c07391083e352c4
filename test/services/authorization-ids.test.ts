import { expect, it } from "vitest";
import { services } from "../../src/services/services.ts";

/** As AWS's refusals were seen to end, September 2026. */
it.each([
  ["iam", "GetRole", true],
  ["iam", "ListMFADevices", true],
  ["iam", "CreateInstanceProfile", true],
  ["iam", "GetServiceLastAccessedDetails", true],
  ["iam", "CreateServiceLinkedRole", false],
  ["iam", "ListOrganizationsFeatures", false],
  ["iam", "EnableOrganizationsRootSessions", false],
  ["iam", "DisableOrganizationsRootCredentialsManagement", false],
  ["sts", "AssumeRole", false],
  ["sts", "AssumeRoot", false],
  ["rolecall", "ListAccounts", false],
] as const)("of %s %s: %s", (name, operation, ends) => {
  const service = services[name];
  expect(service.givesAuthorizationId(service.codec.contract.operations[operation]!)).toBe(ends);
});

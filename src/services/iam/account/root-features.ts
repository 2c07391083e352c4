import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import * as organizations from "../../../store/organizations/organizations.ts";
import type { OrganizationRecord, RootFeature } from "../../../store/organizations/organizations.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { iamFault } from "../entity/faults.ts";

/**
 * What an organization's management account may do in its members' place as their root (sts:AssumeRoot). Organizations here
 * have neither delegated administrators nor trusted access that could be off (docs/differences.md). The texts of the faults
 * are ours: none was seen.
 */
const wireNames: readonly (readonly [RootFeature, "RootCredentialsManagement" | "RootSessions"])[] = [
  ["rootCredentials", "RootCredentialsManagement"],
  ["rootSessions", "RootSessions"],
];

export const listOrganizationsFeatures = operation("iam", "ListOrganizationsFeatures", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:ListOrganizationsFeatures", context)],
  handle: async (_input, _loaded, context) => shown(await managed(context, notManaging)),
});

export const enableOrganizationsRootCredentialsManagement = enabling(
  "EnableOrganizationsRootCredentialsManagement",
  "rootCredentials",
);
export const enableOrganizationsRootSessions = enabling("EnableOrganizationsRootSessions", "rootSessions");
export const disableOrganizationsRootCredentialsManagement = disabling(
  "DisableOrganizationsRootCredentialsManagement",
  "rootCredentials",
);
export const disableOrganizationsRootSessions = disabling("DisableOrganizationsRootSessions", "rootSessions");

function enabling(
  name: "EnableOrganizationsRootCredentialsManagement" | "EnableOrganizationsRootSessions",
  feature: RootFeature,
) {
  return operation("iam", name, {
    writes: true,
    authorize: (_input, _loaded, context) => [requirementOnAll(`iam:${name}`, context)],
    handle: async (_input, _loaded, context) => set(await managed(context, notManagement), feature, true, context),
  });
}

function disabling(
  name: "DisableOrganizationsRootCredentialsManagement" | "DisableOrganizationsRootSessions",
  feature: RootFeature,
) {
  return operation("iam", name, {
    writes: true,
    authorize: (_input, _loaded, context) => [requirementOnAll(`iam:${name}`, context)],
    handle: async (_input, _loaded, context) => set(await managed(context, notManaging), feature, false, context),
  });
}

async function set(organization: OrganizationRecord, feature: RootFeature, on: boolean, { tx }: OperationContext) {
  await organizations.setFeature(tx, organization, feature, on);
  return shown({ ...organization, [feature]: on });
}

function shown(organization: OrganizationRecord) {
  return {
    OrganizationId: organization.id,
    EnabledFeatures: wireNames.filter(([feature]) => organization[feature]).map(([, name]) => name),
  };
}

/** The organization that the caller's account manages. @throws Fault */
async function managed({ tx, account }: OperationContext, refusal: () => Error): Promise<OrganizationRecord> {
  const organization = await organizations.byManagementAccount(tx, account);
  if (organization !== null) return organization;
  if (((await accounts.byId(tx, account))?.organizationId ?? null) !== null) throw refusal();
  throw iamFault("OrganizationNotFoundException", `Account ${account} is in no organization.`);
}

function notManagement() {
  return iamFault(
    "CallerIsNotManagementAccountException",
    "The account is not the management account of its organization.",
  );
}

function notManaging() {
  return iamFault(
    "AccountNotManagementOrDelegatedAdministratorException",
    "The account is neither the management account of its organization nor its delegated administrator for IAM.",
  );
}

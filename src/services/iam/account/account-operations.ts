import type { Registry } from "../../../operation/operation.ts";
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from "./account-alias.ts";
import { getAccountAuthorizationDetails } from "./account-authorization.ts";
import { getAccountProperties, putAccountProperties } from "./account-properties.ts";
import { getAccountSummary } from "./account-summary.ts";
import {
  disableOutboundWebIdentityFederation,
  enableOutboundWebIdentityFederation,
  getOutboundWebIdentityFederationInfo,
} from "./outbound-federation.ts";
import {
  disableOrganizationsRootCredentialsManagement,
  disableOrganizationsRootSessions,
  enableOrganizationsRootCredentialsManagement,
  enableOrganizationsRootSessions,
  listOrganizationsFeatures,
} from "./root-features.ts";
import { setSecurityTokenServicePreferences } from "./token-preferences.ts";

export const accountOperations = {
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
  ListAccountAliases: listAccountAliases,
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
  GetAccountSummary: getAccountSummary,
  GetAccountProperties: getAccountProperties,
  PutAccountProperties: putAccountProperties,
  SetSecurityTokenServicePreferences: setSecurityTokenServicePreferences,
  EnableOutboundWebIdentityFederation: enableOutboundWebIdentityFederation,
  DisableOutboundWebIdentityFederation: disableOutboundWebIdentityFederation,
  GetOutboundWebIdentityFederationInfo: getOutboundWebIdentityFederationInfo,
  ListOrganizationsFeatures: listOrganizationsFeatures,
  EnableOrganizationsRootCredentialsManagement: enableOrganizationsRootCredentialsManagement,
  DisableOrganizationsRootCredentialsManagement: disableOrganizationsRootCredentialsManagement,
  EnableOrganizationsRootSessions: enableOrganizationsRootSessions,
  DisableOrganizationsRootSessions: disableOrganizationsRootSessions,
} satisfies Partial<Registry<"iam">>;

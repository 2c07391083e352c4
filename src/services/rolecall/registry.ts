import type { Registry } from "../../operation/operation.ts";
import { createAccount, getAccount, listAccounts } from "./account.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { checkFederation } from "./check-federation.ts";
import { getDelegationNotifications } from "./delegation-notification.ts";
import { lookupEvents } from "./event.ts";
import { explainRequest } from "./explain-request.ts";
import { deregisterHardwareToken, listHardwareTokens, registerHardwareToken } from "./hardware-token.ts";
import { listIssuerKeys, rotateIssuerKeys } from "./issuer-key.ts";
import { deleteOidcProviderKeys, getOidcProviderKeys, putOidcProviderKeys } from "./oidc-provider-keys.ts";
import { listKeys, rotateKeys } from "./key.ts";
import { createOrganization, describeOrganization, moveAccount, moveOrganizationalUnit } from "./organization.ts";
import { signIn } from "./sign-in.ts";
import { getServerInformation, reset } from "./server.ts";

export const rolecallRegistry: Registry<"rolecall"> = {
  Authenticate: authenticate,
  Authorize: authorize,
  CheckFederation: checkFederation,
  CreateAccount: createAccount,
  CreateOrganization: createOrganization,
  DeleteOidcProviderKeys: deleteOidcProviderKeys,
  DeregisterHardwareToken: deregisterHardwareToken,
  DescribeOrganization: describeOrganization,
  ExplainRequest: explainRequest,
  GetAccount: getAccount,
  GetDelegationNotifications: getDelegationNotifications,
  GetOidcProviderKeys: getOidcProviderKeys,
  GetServerInformation: getServerInformation,
  ListAccounts: listAccounts,
  ListHardwareTokens: listHardwareTokens,
  ListIssuerKeys: listIssuerKeys,
  ListKeys: listKeys,
  LookupEvents: lookupEvents,
  MoveAccount: moveAccount,
  MoveOrganizationalUnit: moveOrganizationalUnit,
  PutOidcProviderKeys: putOidcProviderKeys,
  RegisterHardwareToken: registerHardwareToken,
  Reset: reset,
  RotateIssuerKeys: rotateIssuerKeys,
  RotateKeys: rotateKeys,
  SignIn: signIn,
};

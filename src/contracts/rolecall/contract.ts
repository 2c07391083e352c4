/**
 * The contract of our own service, `rolecall`: administration, and the doors for other people's services. AWS's
 * json-1.1 protocol with SigV4, so that any AWS SDK's signer and any JSON library can call it. Actions are
 * `rolecall:<operation>`.
 */
import type { OperationContract, TypedContract } from "../model.ts";
import type { OperationsOf } from "../value-of.ts";
import { list, optional, structure } from "../value-of.ts";
import { account, administrator, organization, ringKey } from "./administration.ts";
import { authenticateInput, authenticateOutput } from "./authenticate.ts";
import { authorizeInput, authorizeOutput } from "./authorize.ts";
import { checkFederationInput, checkFederationOutput } from "./check-federation.ts";
import { delegationRequestId, notifications } from "./delegation.ts";
import { explainRequestOutput, policyMoment, recordId, requestId } from "./explain-request.ts";
import { hardwareToken, seed, serialNumber } from "./hardware-token.ts";
import { issuerKey } from "./issuer-key.ts";
import { jwks, provider, providerKeys, unusedKeys } from "./oidc-provider-keys.ts";
import { signInInput, signInOutput } from "./sign-in.ts";
import { accountId, arn, count, instant, maxResults, nextToken, organizationPath, placeToken, text } from "./values.ts";

const nothing = structure({});

const posted = { method: "POST", uri: "/", status: 200 } as const;

function error<const Code extends string>(
  code: Code,
  status: number,
): { readonly code: Code; readonly status: number } {
  return { code, status };
}

const validation = error("ValidationException", 400);
const notFound = error("ResourceNotFoundException", 404);
const conflict = error("ConflictException", 409);
const limitExceeded = error("LimitExceededException", 409);

const operations = {
  Authenticate: {
    name: "Authenticate",
    input: authenticateInput,
    output: authenticateOutput,
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  Authorize: {
    name: "Authorize",
    input: authorizeInput,
    output: authorizeOutput,
    errors: [validation, error("MalformedPolicyDocument", 400)],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  CheckFederation: {
    name: "CheckFederation",
    input: checkFederationInput,
    output: checkFederationOutput,
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  CreateAccount: {
    name: "CreateAccount",
    input: structure({
      Name: optional({ type: "string", min: 1, max: 50, pattern: "[\\u0020-\\u007E]+" }),
      Email: optional({ type: "string", min: 6, max: 64, pattern: "[^\\s@]+@[^\\s@.]+(\\.[^\\s@.]+)+" }),
      AccountId: optional(accountId),
    }),
    output: structure({ Account: account, Administrator: administrator }),
    errors: [validation, conflict, limitExceeded],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListAccounts: {
    name: "ListAccounts",
    input: structure({ MaxResults: optional(maxResults), NextToken: optional(nextToken) }),
    output: structure({ Accounts: list(account, 0, 1000), NextToken: optional(text) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
    pagination: { input: "NextToken", output: "NextToken", limit: "MaxResults", items: ["Accounts"] },
  },
  GetAccount: {
    name: "GetAccount",
    input: structure({ AccountId: accountId }),
    output: structure({ Account: account }),
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  GetDelegationNotifications: {
    name: "GetDelegationNotifications",
    input: structure({ DelegationRequestId: delegationRequestId }),
    /** Every state that the request has come to, and once it is finalized, as long as it is good, the token. */
    output: structure({ NotificationChannel: text, Notifications: notifications }),
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  CreateOrganization: {
    name: "CreateOrganization",
    input: structure({ ManagementAccountId: accountId }),
    output: structure({ Organization: organization }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  DescribeOrganization: {
    name: "DescribeOrganization",
    input: nothing,
    output: structure({ Organization: organization }),
    errors: [notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  MoveAccount: {
    name: "MoveAccount",
    input: structure({ AccountId: accountId, OrganizationPath: organizationPath }),
    output: structure({ Account: account }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  MoveOrganizationalUnit: {
    name: "MoveOrganizationalUnit",
    input: structure({ OrganizationPath: organizationPath, ParentPath: organizationPath }),
    output: structure({ OrganizationPath: text }),
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListKeys: {
    name: "ListKeys",
    input: nothing,
    output: structure({ Keys: list(ringKey, 0, 1000) }),
    errors: [],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  RotateKeys: {
    name: "RotateKeys",
    input: structure({ Ring: optional({ type: "string", enum: ["tokens", "secrets"] }) }),
    output: structure({ KeyIds: list(text, 0, 2) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListIssuerKeys: {
    name: "ListIssuerKeys",
    input: nothing,
    output: structure({ Issuer: text, IssuerKeys: list(issuerKey, 0, 1000) }),
    errors: [notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  RotateIssuerKeys: {
    name: "RotateIssuerKeys",
    /** Revoke: the former keys are not published any more from now on, and the new ones sign at once. */
    input: structure({ Revoke: optional({ type: "boolean" }) }),
    output: structure({ Issuer: text, IssuerKeys: list(issuerKey, 0, 1000) }),
    errors: [notFound],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  RegisterHardwareToken: {
    name: "RegisterHardwareToken",
    input: structure({ SerialNumber: serialNumber, Seed: seed }),
    output: structure({ HardwareToken: hardwareToken }),
    errors: [validation, conflict, limitExceeded],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  DeregisterHardwareToken: {
    name: "DeregisterHardwareToken",
    input: structure({ SerialNumber: serialNumber }),
    output: nothing,
    errors: [validation, notFound, conflict],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  ListHardwareTokens: {
    name: "ListHardwareTokens",
    input: structure({ MaxResults: optional(maxResults), NextToken: optional(nextToken) }),
    output: structure({ HardwareTokens: list(hardwareToken, 0, 1000), NextToken: optional(text) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
    pagination: { input: "NextToken", output: "NextToken", limit: "MaxResults", items: ["HardwareTokens"] },
  },
  PutOidcProviderKeys: {
    name: "PutOidcProviderKeys",
    input: structure({ Provider: provider, Jwks: jwks }),
    output: structure({ ProviderKeys: providerKeys, Unused: unusedKeys }),
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  GetOidcProviderKeys: {
    name: "GetOidcProviderKeys",
    input: structure({ Provider: provider }),
    output: structure({ ProviderKeys: providerKeys }),
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  DeleteOidcProviderKeys: {
    name: "DeleteOidcProviderKeys",
    input: structure({ Provider: provider }),
    output: nothing,
    errors: [validation, notFound],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  Reset: {
    name: "Reset",
    input: nothing,
    output: nothing,
    errors: [error("NotEphemeral", 400)],
    auth: "sigv4",
    readOnly: false,
    http: posted,
  },
  SignIn: {
    name: "SignIn",
    input: signInInput,
    output: signInOutput,
    /** Told to whoever has shown the right password. */
    errors: [validation, error("MfaCodeRequiredException", 403)],
    auth: "password",
    readOnly: false,
    http: posted,
  },
  LookupEvents: {
    name: "LookupEvents",
    input: structure({
      StartTime: optional(instant),
      EndTime: optional(instant),
      EventName: optional({ type: "string", min: 1, max: 128 }),
      PrincipalArn: optional(arn),
      /** `*` is all accounts. */
      AccountId: optional({ type: "string", pattern: "\\d{12}|\\*" }),
      ErrorCode: optional({ type: "string", min: 1, max: 128 }),
      MaxResults: optional(maxResults),
      NextToken: optional(placeToken),
    }),
    /**
     * Each event is the JSON text of one CloudTrail-shaped record. A call looks through a bounded part of the trail: where
     * there is a NextToken the search goes on with it, also where nothing was found yet. TooLong: how many records were
     * met that are too long to be shown here; they are in the files.
     */
    output: structure({ Events: list(text, 0, 1000), TooLong: optional(count), NextToken: optional(text) }),
    errors: [validation],
    auth: "sigv4",
    readOnly: true,
    http: posted,
    pagination: { input: "NextToken", output: "NextToken", limit: "MaxResults", items: ["Events"] },
  },
  ExplainRequest: {
    name: "ExplainRequest",
    input: structure({
      /** The x-amzn-RequestId of the answer; either this or EventId. */
      RequestId: optional(requestId),
      EventId: optional(recordId),
      /** Whose record: the caller's own account, and for the operator's callers any that they may explain for, by default. */
      AccountId: optional(accountId),
      NextToken: optional(placeToken),
      /** Of that moment (kept for denials) by default, otherwise of now. */
      Policies: optional(policyMoment),
    }),
    output: explainRequestOutput,
    errors: [validation, notFound, error("PoliciesNotKept", 400)],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
  GetServerInformation: {
    name: "GetServerInformation",
    input: nothing,
    output: structure({ Version: text, Dialect: text, Revision: count, Accounts: count }),
    errors: [],
    auth: "sigv4",
    readOnly: true,
    http: posted,
  },
} as const satisfies Readonly<Record<string, OperationContract>>;

export type RolecallOperations = OperationsOf<typeof operations>;

export const rolecall: TypedContract<RolecallOperations, "json-1.1"> = {
  service: "rolecall",
  apiVersion: "2026-11-01",
  protocol: "json-1.1",
  xmlNamespace: "",
  targetPrefix: "Rolecall",
  operations,
};

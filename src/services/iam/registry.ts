import type { Registry } from "../../operation/operation.ts";
import { registryOf, withoutHandler } from "../../operation/registry.ts";
import { accessKeyOperations } from "./access-key/access-key-operations.ts";
import { accountOperations } from "./account/account-operations.ts";
import { delegationOperations } from "./delegation/delegation-operations.ts";
import { roleTemplateOperations } from "./role-template/role-template-operations.ts";
import { groupOperations } from "./group/group-operations.ts";
import { instanceProfileOperations } from "./instance-profile/instance-profile-operations.ts";
import { oidcProviderOperations } from "./identity-provider/oidc-operations.ts";
import { samlProviderOperations } from "./identity-provider/saml-operations.ts";
import { managedPolicyOperations } from "./managed-policy/managed-policy-operations.ts";
import { mfaDeviceOperations } from "./mfa-device/mfa-device-operations.ts";
import { passwordOperations } from "./password/password-operations.ts";
import { roleOperations } from "./role/role-operations.ts";
import { serverCertificateOperations } from "./server-certificate/server-certificate-operations.ts";
import { signingCertificateOperations } from "./signing-certificate/signing-certificate-operations.ts";
import { serviceCredentialOperations } from "./service-credential/service-credential-operations.ts";
import { sshPublicKeyOperations } from "./ssh-public-key/ssh-public-key-operations.ts";
import { userOperations } from "./user/user-operations.ts";

/** What answers that it is not built; docs/operations.md follows from it. */
const notBuilt = withoutHandler("iam", [
  "CreateServiceLinkedRole",
  "DeleteServiceLinkedRole",
  "GenerateCredentialReport",
  "GenerateOrganizationsAccessReport",
  "GenerateServiceLastAccessedDetails",
  "GetContextKeysForCustomPolicy",
  "GetContextKeysForPrincipalPolicy",
  "GetCredentialReport",
  "GetOrganizationsAccessReport",
  "GetServiceLastAccessedDetails",
  "GetServiceLastAccessedDetailsWithEntities",
  "GetServiceLinkedRoleDeletionStatus",
  "ListPoliciesGrantingServiceAccess",
  "SimulateCustomPolicy",
  "SimulatePrincipalPolicy",
]);

/** All operations of IAM; what is not built answers a clear fault. */
export const iamRegistry: Registry<"iam"> = registryOf("iam", [
  accessKeyOperations,
  accountOperations,
  delegationOperations,
  roleTemplateOperations,
  groupOperations,
  instanceProfileOperations,
  managedPolicyOperations,
  oidcProviderOperations,
  mfaDeviceOperations,
  passwordOperations,
  roleOperations,
  serverCertificateOperations,
  signingCertificateOperations,
  serviceCredentialOperations,
  sshPublicKeyOperations,
  samlProviderOperations,
  userOperations,
  notBuilt,
]);

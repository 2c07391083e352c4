/** Errors in principals and in what kinds of policy allow: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. The words of the RCP codes are ours but for NOTACTION. */
import type { Check } from "./check.ts";

export const principalErrors = {
  UNSUPPORTED_PRINCIPAL: {
    type: "ERROR",
    message: "The policy type {policyType} does not support the Principal element. Remove the Principal element.",
    fix: "Remove Principal: the policy applies to what it is attached to.",
  },
  INVALID_PRINCIPAL_FORMAT: {
    type: "ERROR",
    message: "The Principal element contents are not valid. Specify a key-value pair in the Principal element.",
    fix: 'Write "*", or an object such as {"AWS": "111122223333"}.',
  },
  INVALID_PRINCIPAL_KEY: {
    type: "ERROR",
    message: "The principal key {principalKey} is not valid.",
    fix: "Use AWS, Service, Federated or CanonicalUser.",
  },
  UNSUPPORTED_WILDCARD_IN_PRINCIPAL: {
    type: "ERROR",
    message:
      "Wildcards (*, ?) are not supported with the principal key {principalKey}. Replace the wildcard with a valid principal value.",
    fix: 'Name the principal in full, or use {"AWS": "*"} with a condition on aws:PrincipalArn.',
  },
  INVALID_SERVICE_PRINCIPAL_FORMAT: {
    type: "ERROR",
    message: "The service principal does not match the expected format. Use the format {expectedFormat}.",
    fix: "Write the service's name with its domain, such as ec2.amazonaws.com.",
  },
  FEDERATED_PRINCIPAL_NOT_SUPPORTED: {
    type: "ERROR",
    message:
      "The policy type does not support a federated identity provider in the principal element. Use a supported principal.",
    fix: "Trust the provider in a role's trust policy and name the role here.",
  },
  SCP_SYNTAX_ERROR_PRINCIPAL: {
    type: "ERROR",
    message: "SCPs do not support specifying principals. Remove the Principal or NotPrincipal element.",
    fix: "Test aws:PrincipalArn in a condition instead.",
  },
  RCP_SYNTAX_ERROR_ALLOW: {
    type: "ERROR",
    message: "RCPs do not support the effect Allow. Update the effect to Deny.",
    fix: "Deny what must not happen; RCPFullAWSAccess, which AWS attaches, allows the rest.",
  },
  RCP_SYNTAX_ERROR_PRINCIPAL: {
    type: "ERROR",
    message: 'RCPs support only "*" in the Principal element, and no NotPrincipal. Update the Principal element.',
    fix: 'Write "Principal": "*" and narrow it, or except principals, by a condition on aws:PrincipalArn.',
  },
  RCP_SYNTAX_ERROR_NOTACTION: {
    type: "ERROR",
    message: "RCPs do not support the NotAction element. Update the policy to use Action instead.",
    fix: "List the actions in Action.",
  },
  RCP_SYNTAX_ERROR_ACTION: {
    type: "ERROR",
    message: 'RCPs do not support "*" as the only value of an action. Add the service prefix.',
    fix: "Write the service before the star, such as s3:*.",
  },
  UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: {
    type: "ERROR",
    message: "The following condition keys are not supported when used with the service principal: {conditionKeys}.",
    fix: "Remove the key, or name the service in a statement of its own and test aws:SourceOrgID or aws:SourceAccount there.",
  },
  ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL: {
    type: "ERROR",
    message: "Role trust policies do not support NotPrincipal. Update the policy to use a Principal element instead.",
    fix: "Name who may assume the role in Principal.",
  },
  ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE: {
    type: "ERROR",
    message:
      "Role trust policies apply to the role that they are attached to. You cannot specify a resource. Remove the Resource or NotResource element.",
    fix: "Remove the element.",
  },
  ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL: {
    type: "ERROR",
    message:
      '"Principal:" "*" is not supported in the principal element of a role trust policy. Replace the wildcard with a valid principal value.',
    fix: 'Name the principals; {"AWS": "*"} needs a condition that narrows it.',
  },
  INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY: {
    type: "ERROR",
    message:
      "The principal value specifies a federated principal that does not match the expected format. Update the federated principal to a domain name or a SAML metadata ARN.",
    fix: "Write the ARN of the OIDC or SAML provider.",
  },
  MISMATCHED_ACTION_FOR_PRINCIPAL: {
    type: "ERROR",
    message:
      "The {actionName} action is invalid with the following principal(s): {principalNames}. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options.",
    fix: "Put each kind of principal into a statement with its own action.",
  },
  MISSING_ACTION_FOR_CONDITION_KEY: {
    type: "ERROR",
    message:
      "The {actionName} action must be in the action block to allow setting values for the condition key {keyName}. Add {actionName} to the action block.",
    fix: "Add the action beside the AssumeRole action.",
  },
  MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY: {
    type: "ERROR",
    message:
      "The rolesanywhere.amazonaws.com service principal requires the sts:AssumeRole, sts:SetSourceIdentity, and sts:TagSession permissions to assume a role. Add the missing permissions to the policy.",
    fix: "List all three actions.",
  },
} as const satisfies Readonly<Record<string, Check>>;

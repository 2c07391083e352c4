/** Checks that Access Analyzer does not have, of rolecall's own. */
import type { Check } from "./check.ts";

export const own = {
  UNREACHABLE_STATEMENT: {
    type: "WARNING",
    message: "The statement has no effect because {other} denies everything that it allows.",
    fix: "Remove the statement, or narrow the Deny.",
  },
  ROLE_TRUST_POLICY_OPEN_TO_EVERYBODY: {
    type: "SECURITY_WARNING",
    message:
      'The principal "*" lets every principal of every account assume the role, because no condition narrows it to known principals.',
    fix: "Name the principals, or add StringEquals on aws:PrincipalOrgID or aws:PrincipalAccount, without IfExists or ForAllValues.",
  },
  ROLE_TRUST_POLICY_SHARED_PROVIDER_NOT_SCOPED: {
    type: "ERROR",
    message:
      "The identity provider {provider} is shared by many tenants: one of {keys} must be tested for a value that is not only wildcards. The role cannot be stored without it.",
    fix: "Test one of the keys with StringEquals or StringLike.",
  },
  ROLE_TRUST_POLICY_ACTION_NOT_SUPPORTED: {
    type: "ERROR",
    message: "The action {action} is not one of the actions of a role trust policy. The role cannot be stored with it.",
    fix: "Use sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity, sts:TagSession, sts:SetSourceIdentity or sts:SetContext.",
  },
  INVALID_PRINCIPAL_VALUE: {
    type: "ERROR",
    message: "The value {value} is not a principal of the type {principalKey}.",
    fix: "Write a 12-digit account id or the ARN of a root, user, role or session.",
  },
} as const satisfies Readonly<Record<string, Check>>;

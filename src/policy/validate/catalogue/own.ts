/** Checks that Access Analyzer does not have, of rolecall's own. */
import type { Check } from "./check.ts";

export const own = {
  POLICY_REFUSED: {
    type: "ERROR",
    message: "The policy is not taken: {reason}",
    fix: "{hint}",
  },
  UNREACHABLE_STATEMENT: {
    type: "WARNING",
    message: "The statement has no effect because {other} denies everything that it allows.",
    fix: "Remove the statement, or narrow the Deny.",
  },
  COVERED_STATEMENT: {
    type: "SUGGESTION",
    message: "The statement changes nothing because {other} says the same and more.",
    fix: "Remove the statement, or narrow {other}.",
  },
  RETIRED_SERVICE: {
    type: "SUGGESTION",
    message: "The service {service} has been retired: it is no longer in the Service Authorization Reference.",
    fix: "Remove what speaks of the service.",
  },
  UNDOCUMENTED_ARN_FORMAT: {
    type: "WARNING",
    message: "The Service Authorization Reference has no ARN of this form for the service {service}.",
    fix: "Compare with the service's ARN formats: {formats}. Nothing is wrong if the service documents the ARN elsewhere.",
  },
  UNDOCUMENTED_KEY_FOR_ACTION: {
    type: "WARNING",
    message:
      "The Service Authorization Reference does not have the condition key {key} for these actions: {actions}. Without the key in their requests a positive condition is false and a negated one true.",
    fix: "Move the actions into a statement without this key, unless the service documents the key for them.",
  },
  POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA: {
    type: "WARNING",
    message:
      "The policy has {policySize} characters without white space. A managed policy may have {policySizeQuota}; only the inline policies of a role may have 10240.",
    fix: "Split the policy.",
  },
  TYPE_MISMATCH_ARN: {
    type: "WARNING",
    message:
      "The value of {operator} is no ARN pattern: in an Allow it grants nothing, in a Deny it denies every request whose value is an ARN.",
    fix: "Write an ARN of six parts, in which * and ? stand for text, such as arn:aws:iam::111122223333:role/*.",
  },
  IP_RANGE_MATCHES_NOTHING: {
    type: "WARNING",
    message: "The range {range} matches no address: {reason}.",
    fix: "Write the first address of the network, or its IPv4 range.",
  },
  DENY_NEVER_APPLIES: {
    type: "SECURITY_WARNING",
    message: "The Deny applies to no request that has the key {key}: {reason}.",
    fix: "Correct the condition; as it is, what should be denied is not.",
  },
  DENY_SPARES_UNREADABLE_VALUES: {
    type: "SECURITY_WARNING",
    message:
      "The key {key} holds any text, and {operator} is false for one that is not {type}: such a request escapes the Deny.",
    fix: "Use a String operator, or deny other texts by a second statement.",
  },
  CONDITION_ALWAYS_TRUE: {
    type: "SECURITY_WARNING",
    message: "ForAllValues:Null is true for every request: the condition does not narrow the Allow.",
    fix: "Write Null without a qualifier.",
  },
  MULTIVALUED_KEY_IN_VARIABLE: {
    type: "WARNING",
    message: "The key {key} has several values, so that the variable has none, and a default neither.",
    fix: "Test the key in a condition with ForAnyValue or ForAllValues.",
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
    fix: "Test one of the keys with StringEquals, for a value that names your tenant.",
  },
  ROLE_TRUST_POLICY_SHARED_PROVIDER_LOOSELY_SCOPED: {
    type: "SECURITY_WARNING",
    message:
      "The identity provider {provider} is shared by many tenants, and the test of {keys} lets more of them in than it seems: one of its values is only wildcards, or it holds without the claim. AWS stores it.",
    fix: "Test one of the keys with StringEquals or StringLike, without ForAllValues, for values that name your tenant.",
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

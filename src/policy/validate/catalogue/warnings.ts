/** General warnings: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. */
import type { Check } from "./check.ts";

export const warnings = {
  CREATE_SLR_WITH_NOT_RESOURCE: {
    type: "WARNING",
    message:
      "Using the iam:CreateServiceLinkedRole action with NotResource can allow creation of unintended service-linked roles for multiple resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: {
    type: "WARNING",
    message:
      "Using an action with a wildcard(*) and NotResource can allow creation of unintended service-linked roles because it can allow iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE: {
    type: "WARNING",
    message:
      "Using NotAction with NotResource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  CREATE_SLR_WITH_STAR_IN_RESOURCE: {
    type: "WARNING",
    message:
      "Using the iam:CreateServiceLinkedRole action with wildcards (*) in the resource can allow creation of unintended service-linked roles. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE: {
    type: "WARNING",
    message:
      "Using wildcards (*) in the action and the resource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: {
    type: "WARNING",
    message:
      "Using a resource with wildcards (*) and NotAction can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the path of the service, such as role/aws-service-role/ecs.amazonaws.com/*, or test iam:AWSServiceName.",
  },
  MISSING_VERSION: {
    type: "WARNING",
    message: "We recommend that you specify the Version element to help you with debugging permission issues.",
    fix: 'Write "Version": "2012-10-17"; without it policy variables are literal text.',
  },
  UNIQUE_SIDS_RECOMMENDED: {
    type: "WARNING",
    message: "We recommend that you use statement IDs that are unique to your policy. Update the Sid value.",
    fix: "Give each statement a Sid of its own.",
  },
  INVALID_ROLE_REFERENCE: {
    type: "WARNING",
    message: "The Principal element includes the IAM role ID {roleid}. We recommend that you use a role ARN instead.",
    fix: "Write the role's ARN; an id remains when the role was deleted.",
  },
  INVALID_USER_REFERENCE: {
    type: "WARNING",
    message: "The Principal element includes the IAM user ID {userid}. We recommend that you use a user ARN instead.",
    fix: "Write the user's ARN; an id remains when the user was deleted.",
  },
  INVALID_DATE_VALUE: {
    type: "WARNING",
    message: "The date {date} might not resolve as expected. We recommend that you use the YYYY-MM-DD format.",
    fix: "Write the date as 2026-01-31 or 2026-01-31T12:00:00Z.",
  },
  WILDCARD_WITHOUT_LIKE_OPERATOR: {
    type: "WARNING",
    message:
      "Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), update the condition operator to include Like.",
    fix: "Use StringLike or ArnLike, or write ${*} for a literal star.",
  },
  TYPE_MISMATCH: {
    type: "WARNING",
    message: "Use the operator type {allowed} instead of operator {operator} for the condition key {key}.",
    fix: "Use an operator of the key's own type.",
  },
  TYPE_MISMATCH_BOOLEAN: {
    type: "WARNING",
    message: "Add a valid Boolean value (true or false) for the condition operator {operator}.",
    fix: "Write true or false. Every other text is read as false.",
  },
  TYPE_MISMATCH_DATE: {
    type: "WARNING",
    message:
      "The date condition operator is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO 8601 date/time format.",
    fix: "Write the date as 2026-01-31 or 2026-01-31T12:00:00Z.",
  },
  TYPE_MISMATCH_IP_RANGE: {
    type: "WARNING",
    message:
      "The condition operator {operator} is used with an invalid IP range value. Specify the IP range in standard CIDR format.",
    fix: "Write an address such as 203.0.113.0/24 or 2001:db8::/32.",
  },
  TYPE_MISMATCH_NUMBER: {
    type: "WARNING",
    message: "Add a valid numeric value for the condition operator {operator}.",
    fix: "Write a decimal number.",
  },
  TYPE_MISMATCH_STRING: {
    type: "WARNING",
    message: "Add a valid base64-encoded string value for the condition operator {operator}.",
    fix: "Write the bytes in base64.",
  },
  SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED: {
    type: "WARNING",
    message:
      "Using a wildcard (*) in token.actions.githubusercontent.com:sub can allow requests from more sources than you intended. Specify the value of token.actions.githubusercontent.com:sub with the repository and branch name.",
    fix: "Write owner, repository and branch in full.",
  },
  POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA: {
    type: "WARNING",
    message:
      "The {policySize} characters in the identity policy, excluding whitespace, exceed the {policySizeQuota} character maximum for inline and managed policies. We recommend that you use multiple granular policies.",
    fix: "Split the policy.",
  },
  POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA: {
    type: "WARNING",
    message:
      "The {policySize} characters in the resource policy exceed the {policySizeQuota} character maximum for resource policies. We recommend that you use multiple granular policies.",
    fix: "Shorten the policy.",
  },
  POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA: {
    type: "WARNING",
    message:
      "The characters in the role trust policy, excluding whitespace, exceed the character maximum. We recommend that you request a role trust policy length quota increase using Service Quotas and AWS Support Center. If the quotas have already been increased, then you can ignore this warning.",
    fix: "Shorten the policy or raise the quota of the role's trust policy.",
  },
} as const satisfies Readonly<Record<string, Check>>;

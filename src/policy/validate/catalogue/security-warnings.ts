/** Security warnings: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. */
import type { Check } from "./check.ts";

export const securityWarnings = {
  ALLOW_WITH_NOT_PRINCIPAL: {
    type: "SECURITY_WARNING",
    message: "Using Allow with NotPrincipal can be overly permissive. We recommend that you use Principal instead.",
    fix: "Name who is allowed in Principal; NotPrincipal allows everybody else, anonymous callers included.",
  },
  FORALLVALUES_WITH_SINGLE_VALUED_KEY: {
    type: "SECURITY_WARNING",
    message:
      "Using ForAllValues qualifier with the single-valued condition key {key} can be overly permissive. We recommend that you remove ForAllValues:.",
    fix: "Remove ForAllValues:, which is true when the key is missing.",
  },
  STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS: {
    type: "SECURITY_WARNING",
    message: "Use the operator type ARN instead of operator {operator} for the condition key {key}.",
    fix: "Use ArnLike or ArnNotLike, which compare an ARN part by part: a * of StringLike runs over colons into other accounts and resources.",
  },
  RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL: {
    type: "SECURITY_WARNING",
    message:
      "Granting access to a service principal without specifying a source is overly permissive. Use aws:SourceArn or aws:SourceAccount condition key and scope access to a specific source to grant fine-grained access.",
    fix: 'Add a condition such as "StringEquals": {"aws:SourceAccount": "111122223333"} against the confused deputy.',
  },
  MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL: {
    type: "SECURITY_WARNING",
    message:
      "Using an Open ID Connect principal without a condition can be overly permissive. Add condition keys with a prefix that matches your federated OIDC principals to ensure that only the intended identity provider assumes the role.",
    fix: "Test the provider's aud and sub claims with StringEquals.",
  },
  MISSING_GITHUB_REPO_CONDITION_KEY: {
    type: "SECURITY_WARNING",
    message:
      "Granting a federated GitHub principal permissions without a condition key can allow more sources to assume the role than you intended. Add the token.actions.githubusercontent.com:sub condition key and specify the branch and repository name in the value.",
    fix: "Test token.actions.githubusercontent.com:sub, such as repo:OWNER/REPOSITORY:ref:refs/heads/main.",
  },
  MISSING_PAIRED_CONDITION_KEYS: {
    type: "SECURITY_WARNING",
    message:
      "Using the condition key {conditionKeyName} can be overly permissive without also using the following condition keys: {recommendedKeys}. Condition keys like this one are more secure when paired with a related key. We recommend that you add the related condition keys to the same condition block.",
    fix: "Add one of the keys to the condition: the same private address exists in many networks.",
  },
  DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: {
    type: "SECURITY_WARNING",
    message:
      "Using the effect Deny with the tag condition key {conditionKeyName} and actions for services with the following prefixes can be overly permissive: {serviceNames}. Actions for the listed services are not denied by this statement. We recommend that you move these actions to a different statement without this condition key.",
    fix: "Move the actions of those services into a statement without the tag key.",
  },
  DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: {
    type: "SECURITY_WARNING",
    message:
      "Using the effect Deny with NotAction and the tag condition key {conditionKeyName} can be overly permissive because some service actions are not denied by this statement. This is because the condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.",
    fix: "List the actions that have the key in Action, and deny the others without it.",
  },
  PASS_ROLE_WITH_NOT_RESOURCE: {
    type: "SECURITY_WARNING",
    message:
      "Using the iam:PassRole action with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
  PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: {
    type: "SECURITY_WARNING",
    message:
      "Using an action with a wildcard (*) and NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
  PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE: {
    type: "SECURITY_WARNING",
    message:
      "Using NotAction with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources.. We recommend that you specify resource ARNs instead.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
  PASS_ROLE_WITH_STAR_IN_RESOURCE: {
    type: "SECURITY_WARNING",
    message:
      "Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive because it allows iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
  PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE: {
    type: "SECURITY_WARNING",
    message:
      "Using wildcards (*) in the action and the resource can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
  PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: {
    type: "SECURITY_WARNING",
    message:
      "Using a resource with wildcards (*) and NotAction can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
    fix: "Name the roles that may be passed, and test iam:PassedToService.",
  },
} as const satisfies Readonly<Record<string, Check>>;

/** Errors in elements, actions and resources: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. */
import type { Check } from "./check.ts";

export const structureErrors = {
  JSON_SYNTAX_ERROR: {
    type: "ERROR",
    message: "Fix the JSON syntax error at index {index} line {line} column {column}.",
    fix: "Correct the JSON: {reason}.",
  },
  DATA_TYPE_MISMATCH: {
    type: "ERROR",
    message: "The text does not match the expected JSON data type {dataType}.",
    fix: "Write a value of the JSON type that the message names.",
  },
  INVALID_POLICY_ELEMENT: {
    type: "ERROR",
    message: "The policy element {element} is not valid.",
    fix: "Remove the element or correct its name; names of elements are case-sensitive.",
  },
  UNSUPPORTED_ELEMENT_COMBINATION: {
    type: "ERROR",
    message:
      "The policy elements {element1} and {element2} can not be used in the same statement. Remove one of these elements.",
    fix: "Keep one of the two elements, or make two statements.",
  },
  MISSING_STATEMENT: {
    type: "ERROR",
    message: "Add a statement to the policy",
    fix: "Add a Statement element with at least one statement.",
  },
  MISSING_EFFECT: {
    type: "ERROR",
    message: "Add an Effect element to the policy statement with a value of Allow or Deny.",
    fix: 'Add "Effect": "Allow" or "Effect": "Deny".',
  },
  INVALID_EFFECT: {
    type: "ERROR",
    message: "The effect {effect} is not valid. Use Allow or Deny.",
    fix: "Write Allow or Deny exactly so.",
  },
  MISSING_ACTION: {
    type: "ERROR",
    message: "Add an Action or NotAction element to the policy statement.",
    fix: "Add an Action element that lists what the statement is about.",
  },
  MISSING_RESOURCE: {
    type: "ERROR",
    message: "Add a Resource or NotResource element to the policy statement.",
    fix: "Add a Resource element with the ARNs that the statement is about.",
  },
  MISSING_PRINCIPAL: {
    type: "ERROR",
    message: "Add a Principal element to the policy statement.",
    fix: "Add a Principal element that names who the statement is about.",
  },
  INVALID_VERSION: {
    type: "ERROR",
    message: "The version {version} is not valid. Use one of the following versions: 2012-10-17, 2008-10-17",
    fix: 'Write "Version": "2012-10-17".',
  },
  UNIQUE_SIDS_REQUIRED: {
    type: "ERROR",
    message: "Duplicate statement IDs are not supported for this policy type. Update the Sid value.",
    fix: "Give each statement a Sid of its own, or none.",
  },
  UNSUPPORTED_SID: {
    type: "ERROR",
    message: "Update the characters in the Sid element to use one of the following character types: [a-z, A-Z, 0-9]",
    fix: "Use letters and digits only in the Sid.",
  },
  INVALID_ACTION: {
    type: "ERROR",
    message: "The action {action} does not exist.{suggestion}",
    fix: "Correct the name of the action; the Service Authorization Reference lists those of each service.",
  },
  INVALID_SERVICE_IN_ACTION: {
    type: "ERROR",
    message: "The service {service} specified in the action does not exist.{suggestion}",
    fix: "Correct the prefix before the colon.",
  },
  INVALID_ARN_PREFIX: {
    type: "ERROR",
    message: "Add the required prefix (arn) to the resource ARN.",
    fix: "Write the ARN in full, beginning with arn:.",
  },
  MISSING_ARN_FIELD: {
    type: "ERROR",
    message:
      "Resource ARNs must include at least {fields} fields in the following structure: arn:partition:service:region:account:resource",
    fix: "Write all six parts; those that do not apply stay empty between their colons. IAM reads the missing ones as *: arn:aws:sqs is every queue. A session policy with such an ARN is refused; where the ARN has a variable, it matches nothing.",
  },
  INVALID_PARTITION: {
    type: "ERROR",
    message:
      "The resource ARN for the service {service} does not support the partition {partition}. Use the supported values: {partitions}",
    fix: "Use the partition of the account, such as aws.",
  },
  INVALID_ARN_ACCOUNT: {
    type: "ERROR",
    message: "The resource ARN account ID {account} is not valid. Provide a 12-digit account ID.",
    fix: "Write twelve digits, or * for any account.",
  },
  INVALID_ARN_SERVICE_CASE: {
    type: "ERROR",
    message: "Update the service name {service} in the resource ARN to use all lowercase letters.",
    fix: "Write the service in lower case.",
  },
  INVALID_ARN_RESOURCE: {
    type: "ERROR",
    message: "Resource ARN does not match the expected ARN format. Update the resource portion of the ARN.",
    fix: "Compare with the service's ARN formats: {formats}.",
  },
  MISSING_ARN_ACCOUNT: {
    type: "ERROR",
    message: "The resource {resource} in the arn is missing an account id. Please provide a 12 digit account id.",
    fix: "Write the account, or * for that of any.",
  },
  ARN_ACCOUNT_NOT_ALLOWED: {
    type: "ERROR",
    message: "The service {service} does not support specifying an account ID in the resource ARN.",
    fix: "Leave the account between its colons empty.",
  },
  ARN_REGION_NOT_ALLOWED: {
    type: "ERROR",
    message: "The service {service} does not support specifying a Region in the resource ARN.",
    fix: "Leave the Region between its colons empty.",
  },
  INVALID_ARN_REGION: {
    type: "ERROR",
    message:
      "The Region {region} is not valid for this resource. Update the resource ARN to include a supported Region.",
    fix: "Write the code of a Region of the ARN's partition, or * for every Region. The list of Regions that this was checked by may not know the newest.",
  },
  MISSING_ARN_REGION: {
    type: "ERROR",
    message: "Add a Region to the {service} resource ARN.",
    fix: "Write the Region, or * for every Region.",
  },
  INVALID_SERVICE: {
    type: "ERROR",
    message: "The service {service} does not exist. Use a valid service name.{suggestion}",
    fix: "Correct the service in the ARN.",
  },
  UNSUPPORTED_ACTION_IN_POLICY: {
    type: "ERROR",
    message:
      "The action {action} is not supported for the resource-based policy attached to the resource type {resourceType}.",
    fix: "Move the action to a policy of the resource that it is about, or to an identity policy.",
  },
  UNSUPPORTED_RESOURCE_ARN_IN_POLICY: {
    type: "ERROR",
    message:
      "The resource ARN is not supported for the resource-based policy attached to the resource type {resourceType}.",
    fix: "Name the resource that the policy is attached to, or what is in it.",
  },
  POLICY_SIZE_EXCEEDS_SCP_QUOTA: {
    type: "ERROR",
    message:
      "The {policySize} characters in the service control policy (SCP) exceed the {policySizeQuota} character maximum for SCPs. We recommend that you use multiple granular policies.",
    fix: "Split the policy.",
  },
  POLICY_SIZE_EXCEEDS_RCP_QUOTA: {
    type: "ERROR",
    message:
      "The {policySize} characters in the resource control policy (RCP) exceed the {policySizeQuota} character maximum for RCPs. We recommend that you use multiple granular policies.",
    fix: "Split the policy.",
  },
} as const satisfies Readonly<Record<string, Check>>;

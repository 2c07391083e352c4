/** Suggestions: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. */
import type { Check } from "./check.ts";

export const suggestions = {
  EMPTY_ARRAY_ACTION: {
    type: "SUGGESTION",
    message: "This statement includes no actions and does not affect the policy. Specify actions.",
    fix: "List actions, or remove the statement.",
  },
  EMPTY_ARRAY_RESOURCE: {
    type: "SUGGESTION",
    message: "This statement includes no resources and does not affect the policy. Specify resources.",
    fix: "List resources, or remove the statement.",
  },
  EMPTY_ARRAY_PRINCIPAL: {
    type: "SUGGESTION",
    message: "This statement includes no principals and does not affect the policy. Specify principals.",
    fix: "List principals, or remove the statement.",
  },
  EMPTY_OBJECT_PRINCIPAL: {
    type: "SUGGESTION",
    message: "This statement includes no principals and does not affect the policy. Specify principals.",
    fix: "Name principals, or remove the statement.",
  },
  EMPTY_OBJECT_CONDITION: {
    type: "SUGGESTION",
    message: "This condition block is empty and it does not affect the policy. Specify conditions.",
    fix: "Name conditions, or remove the block.",
  },
  EMPTY_ARRAY_CONDITION: {
    type: "SUGGESTION",
    message: "There are no values for the condition key {key} and it does not affect the policy. Specify conditions.",
    fix: "List values, or remove the key.",
  },
  EMPTY_ARRAY_CONDITION_FORALLVALUES: {
    type: "SUGGESTION",
    message:
      "The ForAllValues prefix with an empty condition key matches only if the key {key} is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead.",
    fix: 'Write "Null": {"KEY": "true"} if you want the key to be missing.',
  },
  EMPTY_ARRAY_CONDITION_FORANYVALUE: {
    type: "SUGGESTION",
    message:
      "The ForAnyValue prefix with an empty condition key {key} never matches the request context and it does not affect the policy. Specify conditions.",
    fix: "List values, or remove the key.",
  },
  EMPTY_ARRAY_CONDITION_IFEXISTS: {
    type: "SUGGESTION",
    message:
      "The IfExists suffix with an empty condition key matches only if the key {key} is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead.",
    fix: 'Write "Null": {"KEY": "true"} if you want the key to be missing.',
  },
  EMPTY_SID_VALUE: {
    type: "SUGGESTION",
    message: "Add a value to the empty string in the Sid element.",
    fix: "Write a Sid, or remove the element.",
  },
  IMPROVE_IP_RANGE: {
    type: "SUGGESTION",
    message: "The non-zero bits in the IP address after the masked bits are ignored. Replace address with {addr}.",
    fix: "Write the range's first address.",
  },
  EQUIVALENT_TO_NULL_FALSE: {
    type: "SUGGESTION",
    message: "The value * of StringLike asks only whether the key {key} is there.",
    fix: 'Write "Null": {"{key}": "false"}, which says so.',
  },
  NULL_WITH_QUALIFIER: {
    type: "SUGGESTION",
    message:
      "Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always return a true or false respectively.",
    fix: "Write Null without a qualifier: ForAllValues:Null is always true and ForAnyValue:Null always false, whatever is in the request.",
  },
  PRIVATE_IP_ADDRESS_SUBSET: {
    type: "SUGGESTION",
    message:
      "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses will not have the desired effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp.",
    fix: "Remove the private ranges, or test aws:VpcSourceIp for them.",
  },
  PRIVATE_NOT_IP_ADDRESS_SUBSET: {
    type: "SUGGESTION",
    message:
      "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses have no effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp.",
    fix: "Remove the private ranges, or test aws:VpcSourceIp for them.",
  },
  REDUNDANT_ACTION: {
    type: "SUGGESTION",
    message:
      "The {redundantActionCount} action(s) are redundant because they provide similar permissions. Update the policy to remove the redundant action such as: {redundantAction}.",
    fix: "Remove the actions that a wildcard of the same list already covers.",
  },
  REDUNDANT_RESOURCE: {
    type: "SUGGESTION",
    message:
      "The {redundantResourceCount} resource ARN(s) are redundant because they reference the same resource. Review the use of wildcards (*)",
    fix: "Remove the ARNs that a wildcard of the same list already covers, such as {redundantResource}.",
  },
  REDUNDANT_STATEMENT: {
    type: "SUGGESTION",
    message:
      "The statements are redundant because they provide identical permissions. Update the policy to remove the redundant statement.",
    fix: "Remove the statement: {other} says the same.",
  },
  REDUNDANT_CONDITION_VALUE_NUM: {
    type: "SUGGESTION",
    message: "Multiple values in {operator} are redundant. Replace with the {bound} single value for {key}.",
    fix: "Keep the value that the others are within.",
  },
  WILDCARD_IN_SERVICE_NAME: {
    type: "SUGGESTION",
    message:
      "Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services with similar names.",
    fix: "Name the service.",
  },
  ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: {
    type: "SUGGESTION",
    message:
      "Using the effect Allow with the tag condition key {conditionKeyName} and actions for services with the following prefixes does not affect the policy: {serviceNames}. Actions for the listed service are not allowed by this statement. We recommend that you move these actions to a different statement without this condition key.",
    fix: "Move the actions of those services into a statement without the tag key.",
  },
  ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: {
    type: "SUGGESTION",
    message:
      "Using the effect Allow with NotAction and the tag condition key {conditionKeyName} allows only service actions that support the condition key. The condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.",
    fix: "List the actions that have the key in Action.",
  },
  IRRELEVANT_CONDITION_KEY_IN_POLICY: {
    type: "SUGGESTION",
    message:
      "The condition key {key} is not relevant for the {resourceType} policy. Use this key in an identity-based policy to govern access to this resource.",
    fix: "Remove the key here: whose resource it is does not change. Test it in identity policies or SCPs.",
  },
  RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: {
    type: "SUGGESTION",
    message:
      "To restrict access to the service principal {servicePrincipalPrefix} operating on your behalf, we recommend aws:SourceArn or aws:SourceAccount instead of {key}.",
    fix: "Test aws:SourceArn or aws:SourceAccount.",
  },
  REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY: {
    type: "SUGGESTION",
    message:
      "The assumed-role principal {redundantPrincipal} is redundant with its parent role {parentRole}. Remove the assumed-role principal.",
    fix: "Remove the session, or the role if only that session is meant.",
  },
  CONFIRM_AUDIENCE_CLAIM_TYPE: {
    type: "SUGGESTION",
    message:
      "The 'aud' (audience) claim key identifies the recipients that the JSON web token is intended for. Audience claims can be multivalued or single-valued. If the claim is multivalued, use a ForAllValues or ForAnyValue qualifier. If the claim is single-valued, do not use a qualifier.",
    fix: "Use StringEquals without a qualifier unless the provider sends several audiences.",
  },
} as const satisfies Readonly<Record<string, Check>>;

/** Errors in conditions and policy variables: issue codes and messages as published in the IAM User Guide, access-analyzer-reference-policy-checks; the fixes are ours. */
import type { Check } from "./check.ts";

export const conditionErrors = {
  INVALID_CONDITION_OPERATOR: {
    type: "ERROR",
    message: "The condition operator {operator} is not valid. Use a valid condition operator.",
    fix: "Use an operator of the IAM User Guide, such as StringEquals.",
  },
  NULL_WITH_IF_EXISTS: {
    type: "ERROR",
    message: "The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix.",
    fix: "Write Null alone; it already asks whether the key exists.",
  },
  INVALID_CONDITION_KEY_FORMAT: {
    type: "ERROR",
    message: "The condition key format is not valid. Use the format service:keyname.",
    fix: "Write the key with its prefix, such as aws:PrincipalArn.",
  },
  INVALID_GLOBAL_CONDITION_KEY: {
    type: "ERROR",
    message: "The condition key {key} does not exist. Use a valid condition key.{suggestion}",
    fix: "Correct the name of the key.",
  },
  INVALID_SERVICE_CONDITION_KEY: {
    type: "ERROR",
    message: "The condition key {key} does not exist in the service {service}. Use a valid condition key.{suggestion}",
    fix: "Correct the name of the key; a key that no request has makes a positive condition false and a negated one true.",
  },
  UNSUPPORTED_GLOBAL_CONDITION_KEY: {
    type: "ERROR",
    message: "The condition key aws:ARN is not supported. Use aws:PrincipalArn or aws:SourceArn instead.",
    fix: "Use aws:PrincipalArn for who asks, or aws:SourceArn for what asks.",
  },
  DUPLICATE_KEYS_WITH_DIFFERENT_CASE: {
    type: "ERROR",
    message:
      "The condition key {key} appears more than once with different capitalization in the same condition block. Remove the duplicate condition keys.",
    fix: "Merge the values under one spelling of the key.",
  },
  INVALID_CONDITION_DATA_TYPE: {
    type: "ERROR",
    message: "The condition value data types do not match. Use condition values of the same JSON data type.",
    fix: "Write all values of the list as the same JSON type.",
  },
  INVALID_CONDITION_MULTIPLE_BOOLEAN: {
    type: "ERROR",
    message: "The condition key does not support multiple Boolean values. Use a single Boolean value.",
    fix: "Keep one value; true and false together match every request that has the key.",
  },
  MISSING_QUALIFIER: {
    type: "ERROR",
    message:
      "The request context key {key} has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy.",
    fix: "Put ForAnyValue: or ForAllValues: before the operator. A plain one never matches a key of several values, negated or with IfExists neither: such a Deny never denies.",
  },
  INVALID_REGION: {
    type: "ERROR",
    message: "The Region {region} is not valid. Update the condition value to a supported Region.",
    fix: "Write the code of a Region, such as eu-central-1. The list of Regions that this was checked by may not know the newest.",
  },
  MISSING_TAG_KEY_IN_CONDITION: {
    type: "ERROR",
    message:
      "The condition key {conditionKeyName} must include a tag key to control access based on tags. Use the format {conditionKeyName}tag-key and specify a key name for tag-key.",
    fix: "Write the tag's key after the slash.",
  },
  INVALID_VPC_FORMAT: {
    type: "ERROR",
    message:
      "The VPC identifier in the condition key value is not valid. Use the prefix 'vpc-' followed by 8 or 17 alphanumeric characters.",
    fix: "Write the id of the VPC.",
  },
  INVALID_VPCE_FORMAT: {
    type: "ERROR",
    message:
      "The VPCE identifier in the condition key value is not valid.  Use the prefix 'vpce-' followed by 8 or 17 alphanumeric characters.",
    fix: "Write the id of the VPC endpoint.",
  },
  PRIVATE_IP_ADDRESS: {
    type: "ERROR",
    message:
      "aws:SourceIp works only for public IP address ranges. The values for condition key aws:SourceIp include only private IP addresses and will not have the desired effect. Update the value to include only public IP addresses.",
    fix: "Use aws:VpcSourceIp for private addresses.",
  },
  PRIVATE_NOT_IP_ADDRESS: {
    type: "ERROR",
    message:
      "The values for condition key aws:SourceIp include only private IP addresses and has no effect. aws:SourceIp works only for public IP address ranges. Update the value to include only public IP addresses.",
    fix: "Use aws:VpcSourceIp for private addresses.",
  },
  UNSUPPORTED_ACTION_FOR_CONDITION_KEY: {
    type: "ERROR",
    message:
      "The following actions: {actions} are not supported by the condition key {key}. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.",
    fix: "Move the actions into a statement without this key.",
  },
  INVALID_VARIABLE_FOR_OPERATOR: {
    type: "ERROR",
    message: "Policy variables can only be used with String and ARN operators.",
    fix: "Write the value out, or use a String, Arn or Bool operator.",
  },
  MISSING_BRACE_IN_VARIABLE: {
    type: "ERROR",
    message: "The policy variable is missing a closing curly brace. Add } after the variable text.",
    fix: "Close the variable with }, or write ${$} for a dollar sign.",
  },
  MISSING_QUOTE_IN_VARIABLE: {
    type: "ERROR",
    message: "The policy variable default value must begin and end with a single quote. Add the missing quote.",
    fix: "Write the default as ${key, 'default'}, with the comma, the space and both quotes.",
  },
  UNSUPPORTED_SPACE_IN_VARIABLE: {
    type: "ERROR",
    message: "A space is not supported within the policy variable text. Remove the space.",
    fix: "Remove the space from the variable's name.",
  },
  EMPTY_VARIABLE: {
    type: "ERROR",
    message: "Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure.",
    fix: "Name a condition key between the braces.",
  },
  VARIABLE_UNSUPPORTED_IN_ELEMENT: {
    type: "ERROR",
    message:
      "Policy variables are supported in the Resource and Condition elements. Remove the policy variable {variable} from this element.",
    fix: "Write the value out, or test it in a condition.",
  },
  VARIABLE_UNSUPPORTED_IN_VERSION: {
    type: "ERROR",
    message: "To include variables in your policy, use the policy version 2012-10-17 or later.",
    fix: 'Write "Version": "2012-10-17"; in older documents the text is literal.',
  },
} as const satisfies Readonly<Record<string, Check>>;

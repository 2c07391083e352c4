import type { Fault } from "../../../contracts/fault.ts";
import { iamFault, invalidInput, validationError } from "../entity/faults.ts";
import { kinds } from "../entity/kinds.ts";
import type { NamedEntity } from "../entity/kinds.ts";

/** Refusals of the operations on policies; what they share with the other entities is in faults.ts. */

/** Recorded from AWS, with its two spaces. */
export function unparsableArn(): Fault {
  return validationError("Invalid ARN:  Could not be parsed!");
}

/** Seen in public logs: an ARN of another partition than the caller's account is in. */
export function foreignPartition(): Fault {
  return validationError("Invalid ARN partition");
}

/** AWS documents that service, region and resource type are checked; the text is its older one for malformed ARNs. */
export function notAPolicyArn(arn: string): Fault {
  return invalidInput(`ARN ${arn} is not valid.`);
}

/** AWS managed policies, and those of other accounts, cannot be changed. The text is from memory. */
export function policyOutsideAccount(): Fault {
  return iamFault("AccessDenied", "Policy is outside your own account.");
}

export function policyAlreadyExists(name: string): Fault {
  return iamFault("EntityAlreadyExists", `A policy called ${name} already exists. Duplicate names are not allowed.`);
}

/** The text is by analogy with that of a policy: only the code is documented (GetPolicyVersion). */
export function noSuchPolicyVersion(arn: string, versionId: string): Fault {
  return iamFault("NoSuchEntity", `Policy ${arn} version ${versionId} does not exist or is not attachable.`);
}

export function noSuchInlinePolicy(kind: NamedEntity, policyName: string): Fault {
  return iamFault("NoSuchEntity", `The ${kind} policy with name ${policyName} cannot be found.`);
}

export function policyIsUsed(): Fault {
  return iamFault("DeleteConflict", "Cannot delete a policy attached to entities.");
}

export function policyHasVersions(): Fault {
  return iamFault(
    "DeleteConflict",
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
      "The default version is deleted with the policy.",
  );
}

export function defaultVersionStays(): Fault {
  return iamFault("DeleteConflict", "Cannot delete the default version of a policy.");
}

export function tooManyVersions(limit: number): Fault {
  return iamFault(
    "LimitExceeded",
    `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
  );
}

/** @param limit characters without white space; AWS calls them bytes here */
export function inlinePoliciesTooLarge(kind: NamedEntity, name: string, limit: number): Fault {
  return iamFault("LimitExceeded", `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`);
}

/**
 * Policies of service-linked roles can be attached to those alone (API reference, AttachRolePolicy). Seen in public
 * logs for a role; for users and groups by analogy.
 */
export function serviceRolePolicy(kind: NamedEntity): Fault {
  return iamFault("PolicyNotAttachable", `Cannot attach a Service Role Policy to a Customer ${kinds[kind].title}.`);
}

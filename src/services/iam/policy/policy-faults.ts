import type { Fault } from "../../../contracts/fault.ts";
import { iamFault, invalidInput, validationError } from "../entity/faults.ts";
import type { NamedEntity } from "../entity/kinds.ts";

/** Refusals of the operations on policies; what they share with the other entities is in faults.ts. */

/** A text that is no ARN at all (recorded from AWS, LocalStack snapshots, 2026; it said otherwise until 2025). */
export function notAnArn(text: string): Fault {
  return validationError(`ARN ${text} is not valid.`);
}

/** Seen in public logs: an ARN of another partition than the caller's account is in. */
export function foreignPartition(): Fault {
  return validationError("Invalid ARN partition");
}

/** AWS documents that service, region and resource type are checked. A boundary that is no ARN is told so as well. */
export function notAPolicyArn(arn: string): Fault {
  return invalidInput(`ARN ${arn} is not valid.`);
}

/**
 * Policies of other accounts cannot be read, and neither they nor AWS's own can be changed. What is said of changes was
 * recorded from AWS (LocalStack snapshots, 2026; radkawar/stackd captures, September 2026), the other text is from memory.
 */
export function outsideAccount(change?: PolicyChange): Fault {
  const message =
    change === undefined ? "Policy is outside your own account." : `Cannot ${change} outside your own account.`;
  return iamFault("AccessDenied", message);
}

export type PolicyChange =
  | "delete policies"
  | "delete policy versions for policies"
  | "update policies"
  | "create versions for policies";

export function policyAlreadyExists(name: string): Fault {
  return iamFault("EntityAlreadyExists", `A policy called ${name} already exists. Duplicate names are not allowed.`);
}

/** Recorded from AWS, where the policy itself is missing as well (LocalStack snapshots, 2026). */
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
 * Policies that AWS keeps for itself. Observed on AWS for a user, September 2026 (radkawar/stackd captures); for groups
 * and roles by analogy.
 */
export function reservedPolicy(kind: NamedEntity): Fault {
  return iamFault("PolicyNotAttachable", `Cannot attach AWS reserved policy to an IAM ${kind}.`);
}

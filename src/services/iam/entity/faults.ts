import { faultsOf } from "../../../contracts/errors.ts";
import type { Fault } from "../../../contracts/fault.ts";
import { kinds } from "./kinds.ts";
import type { NamedEntity } from "./kinds.ts";

export { malformedPolicy } from "../../../authorization/malformed-policy.ts";

/** A fault that the contract of IAM has. */
export const iamFault = faultsOf("iam");

/**
 * IAM's refusals in AWS's own words. Texts were recorded from AWS or seen in public logs; where only the code is
 * documented (API reference), the text follows its nearest recorded neighbour, and the function says so.
 */

/** The entity is named as the caller wrote it. */
export function noSuchEntity(kind: NamedEntity, name: string): Fault {
  return iamFault("NoSuchEntity", kinds[kind].noSuch(name));
}

export function noSuchAccessKey(id: string): Fault {
  return iamFault("NoSuchEntity", `The Access Key with id ${id} cannot be found.`);
}

/**
 * GetAccessKeyLastUsed of a key that does not exist, or not in this account, also for who may ask for every key (recorded
 * from AWS, LocalStack snapshots, 2026).
 */
export function notAuthorizedForKey(caller: string, id: string): Fault {
  const message = `User: ${caller} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${id}`;
  return iamFault("AccessDenied", message);
}

/** DeletePolicy, Detach*, TagPolicy and everything else that names a managed policy but does not attach it. */
export function noSuchPolicy(arn: string): Fault {
  return iamFault("NoSuchEntity", `Policy ${arn} was not found.`);
}

/** Attach*: the policy is missing, or is one that AWS does not let anyone attach. */
export function policyNotAttachable(arn: string): Fault {
  return iamFault("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
}

/** A permissions boundary is called a scope here. */
export function boundaryNotAttachable(arn: string): Fault {
  return iamFault("NoSuchEntity", `Scope ARN: ${arn} does not exist or is not attachable.`);
}

/** The text is by analogy: only the code is documented (DeleteUserPermissionsBoundary, DeleteRolePermissionsBoundary). */
export function noBoundary(kind: NamedEntity, name: string): Fault {
  return iamFault("NoSuchEntity", `${kinds[kind].title} ${name} does not have a permissions boundary.`);
}

/** The text is by analogy: only the code is documented (DeleteAccountAlias). */
export function noSuchAlias(alias: string): Fault {
  return iamFault("NoSuchEntity", `The account alias ${alias} cannot be found.`);
}

export function entityAlreadyExists(kind: NamedEntity, name: string): Fault {
  return iamFault("EntityAlreadyExists", kinds[kind].taken(name));
}

/** Another account has it: aliases are unique in a whole partition. */
export function aliasAlreadyExists(alias: string): Fault {
  return iamFault("EntityAlreadyExists", `The account alias ${alias} already exists.`);
}

/** @param quota AWS's name of it, e.g. `AccessKeysPerUser` */
export function quotaExceeded(quota: string, limit: number): Fault {
  return iamFault("LimitExceeded", `Cannot exceed quota for ${quota}: ${limit}`);
}

export function tooManyTags(): Fault {
  return iamFault("LimitExceeded", "The number of tags has reached the maximum limit.");
}

/** @param obstacle what must be done first */
export function deleteConflict(obstacle: string): Fault {
  return iamFault("DeleteConflict", `Cannot delete entity, must ${obstacle} first.`);
}

export function invalidInput(message: string): Fault {
  return iamFault("InvalidInput", message);
}

export function validationError(message: string): Fault {
  return iamFault("ValidationError", message);
}

/** Service-linked roles belong to their service (IAM User Guide, using-service-linked-roles). */
export function protectedRole(name: string): Fault {
  return iamFault(
    "UnmodifiableEntity",
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
}

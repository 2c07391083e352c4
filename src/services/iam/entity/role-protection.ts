import type { RoleRecord } from "../../../store/iam/roles.ts";
import { invalidInput, protectedRole } from "./faults.ts";

const serviceLinkedPath = "/aws-service-role/";
/** Where Identity Center keeps its roles (AWSReservedSSO_*). */
const reservedPath = "/aws-reserved/";

/**
 * Only its service may change a service-linked role; description and tags are free (IAM User Guide,
 * using-service-linked-roles). Identity Center's roles are protected likewise.
 *
 * @throws Fault UnmodifiableEntity
 */
export function modifiable(role: RoleRecord): RoleRecord {
  if (role.serviceLinked || role.path.startsWith(serviceLinkedPath) || role.path.startsWith(reservedPath)) {
    throw protectedRole(role.name);
  }
  return role;
}

/** @throws Fault InvalidInput for a path that nobody may create roles on */
export function requireFreePath(path: string): void {
  if (path.startsWith(serviceLinkedPath)) {
    throw invalidInput(`Path prefix '${serviceLinkedPath}' can only be used for AWS Service linked Roles`);
  }
  if (path.startsWith(reservedPath)) {
    throw invalidInput(`Path prefix '${reservedPath}' can only be used for AWS reserved Roles`);
  }
}

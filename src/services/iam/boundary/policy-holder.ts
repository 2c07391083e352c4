import type { OperationKeys, Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { boundaryContext } from "./boundary.ts";
import { existing, findIn, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import type { KindsOf, RecordOfKind } from "../entity/kinds.ts";
import { modifiable } from "../entity/role-protection.ts";

/** Kinds in which policies can be embedded and to which they can be attached. */
export type PolicyHolderKind = KindsOf<"Attach*Policy" | "Put*Policy">;
export type PolicyHolder = RecordOfKind<PolicyHolderKind>;
export type FoundHolder = Found<PolicyHolder>;

export function findHolder(kind: PolicyHolderKind, input: object, context: OperationContext): Promise<FoundHolder> {
  return findIn(kind, input, context);
}

/** The requirement of an operation that reads a holder's policies. */
export function requirementToRead(action: string, found: FoundHolder, context: OperationContext): Requirement {
  return requirementOn(action, found, context);
}

/**
 * The requirement of an operation that changes a holder's policies: it can be tied to the boundary that the holder has
 * (Service Authorization Reference: iam:PermissionsBoundary on users and roles, never on groups).
 */
export function requirementToChange(
  action: string,
  found: FoundHolder,
  context: OperationContext,
  keys: OperationKeys = {},
): Requirement {
  const { record } = found;
  const boundary = record !== null && "boundaryArn" in record ? record.boundaryArn : null;
  return requirementOn(action, found, context, { context: { ...boundaryContext(boundary), ...keys } });
}

/** @throws Fault NoSuchEntity, UnmodifiableEntity for a role that only its service may change */
export function modifiableHolder<H extends PolicyHolder>(found: Found<H>): H {
  const holder = existing(found);
  if ("trustPolicy" in holder) modifiable(holder);
  return holder;
}

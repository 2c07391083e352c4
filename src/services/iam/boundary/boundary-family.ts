import type { OperationContext } from "../../../operation/context.ts";
import * as roles from "../../../store/iam/roles.ts";
import * as users from "../../../store/iam/users.ts";
import { arnOfFound, findIn, requirementOn } from "../entity/entity-names.ts";
import { familyOf } from "../entity/family.ts";
import { noBoundary } from "../entity/faults.ts";
import { titleOf } from "../entity/kinds.ts";
import type { KindsOf, RecordOfKind } from "../entity/kinds.ts";
import { boundaryContext, requireBoundaryPolicy } from "./boundary.ts";
import { modifiableHolder } from "./policy-holder.ts";

/** The operations that IAM has over the permissions boundary of whoever can have one. */
type Patterns = "Put*PermissionsBoundary" | "Delete*PermissionsBoundary";
type BoundedKind = KindsOf<Patterns>;
type Bounded = RecordOfKind<BoundedKind>;
const operationOf = familyOf<Patterns>();

export function boundaryOperations<K extends BoundedKind>(kind: K) {
  const title = titleOf(kind);
  return {
    ...operationOf(title, "Put*PermissionsBoundary", (name) => ({
      writes: true,
      load: (input, context) => findIn(kind, input, context),
      authorize: (input, found, context) => [
        requirementOn(`iam:${name}`, found, context, {
          shownAs: arnOfFound(found, context),
          context: boundaryContext(input.PermissionsBoundary),
        }),
      ],
      handle: async (input, found, context) => {
        const holder = modifiableHolder(found);
        await requireBoundaryPolicy(input.PermissionsBoundary, context);
        await setBoundary[kind](holder, input.PermissionsBoundary, context);
        return {};
      },
    })),
    ...operationOf(title, "Delete*PermissionsBoundary", (name) => ({
      writes: true,
      load: (input, context) => findIn(kind, input, context),
      authorize: (_, found, context) => [
        requirementOn(`iam:${name}`, found, context, { context: boundaryContext(found.record?.boundaryArn) }),
      ],
      handle: async (_, found, context) => {
        const holder = modifiableHolder(found);
        if (holder.boundaryArn === null) throw noBoundary(kind, found.name);
        await setBoundary[kind](holder, null, context);
        return {};
      },
    })),
  };
}

type SetBoundary = (holder: Bounded, boundaryArn: string | null, context: OperationContext) => Promise<unknown>;

const setBoundary: Readonly<Record<BoundedKind, SetBoundary>> = {
  user: (user, boundaryArn, { tx }) => users.update(tx, user, { boundaryArn }),
  role: (role, boundaryArn, { tx }) => roles.update(tx, role, { boundaryArn }),
};

import { parseArn } from "../../../arn/arn.ts";
import type { OperationKeys } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as policies from "../../../store/iam/policies.ts";
import * as roles from "../../../store/iam/roles.ts";
import * as users from "../../../store/iam/users.ts";
import { arnOfFound, existing, findRole, findUser, requirementOn } from "../entity/entity-names.ts";
import { boundaryNotAttachable, noBoundary } from "../entity/faults.ts";
import { unparsableArn } from "../policy/policy-faults.ts";
import { modifiable } from "../entity/role-protection.ts";

/** The condition key by which an administrator delegates only within a boundary (Service Authorization Reference). */
export function boundaryContext(arn: string | null | undefined): OperationKeys {
  return { "iam:PermissionsBoundary": arn ?? undefined };
}

/**
 * A boundary is a managed policy of the account, or one of AWS's that anybody may attach.
 *
 * @throws Fault ValidationError for no ARN, NoSuchEntity for a policy that cannot be a boundary
 */
export async function requireBoundaryPolicy(arn: string, context: OperationContext): Promise<void> {
  const parsed = parseArn(arn);
  if (parsed === null) throw unparsableArn();
  if (parsed.partition !== context.partition || !(await isAttachable(arn, context))) throw boundaryNotAttachable(arn);
}

async function isAttachable(arn: string, context: OperationContext): Promise<boolean> {
  const managed = context.environment.awsManaged.get(arn);
  // Policies on this path belong to service-linked roles alone.
  if (managed !== undefined) return !managed.path.startsWith("/aws-service-role/");
  // Policies of other accounts are never looked up.
  const policy = parseArn(arn)?.account === context.account ? await policies.byArn(context.tx, arn) : null;
  return policy !== null && policy.attachable;
}

export const putUserPermissionsBoundary = operation("iam", "PutUserPermissionsBoundary", {
  writes: true,
  load: (input, context) => findUser(input.UserName, context),
  authorize: (input, user, context) => [
    requirementOn("iam:PutUserPermissionsBoundary", user, context, {
      shownAs: arnOfFound(user, context),
      context: boundaryContext(input.PermissionsBoundary),
    }),
  ],
  handle: async (input, found, context) => {
    const user = existing(found);
    await requireBoundaryPolicy(input.PermissionsBoundary, context);
    await users.update(context.tx, user, { boundaryArn: input.PermissionsBoundary });
    return {};
  },
});

export const deleteUserPermissionsBoundary = operation("iam", "DeleteUserPermissionsBoundary", {
  writes: true,
  load: (input, context) => findUser(input.UserName, context),
  authorize: (_, user, context) => [
    requirementOn("iam:DeleteUserPermissionsBoundary", user, context, {
      context: boundaryContext(user.record?.boundaryArn),
    }),
  ],
  handle: async (_, found, context) => {
    const user = existing(found);
    if (user.boundaryArn === null) throw noBoundary("user", found.name);
    await users.update(context.tx, user, { boundaryArn: null });
    return {};
  },
});

export const putRolePermissionsBoundary = operation("iam", "PutRolePermissionsBoundary", {
  writes: true,
  load: (input, context) => findRole(input.RoleName, context),
  authorize: (input, role, context) => [
    requirementOn("iam:PutRolePermissionsBoundary", role, context, {
      shownAs: arnOfFound(role, context),
      context: boundaryContext(input.PermissionsBoundary),
    }),
  ],
  handle: async (input, found, context) => {
    const role = modifiable(existing(found));
    await requireBoundaryPolicy(input.PermissionsBoundary, context);
    await roles.update(context.tx, role, { boundaryArn: input.PermissionsBoundary });
    return {};
  },
});

export const deleteRolePermissionsBoundary = operation("iam", "DeleteRolePermissionsBoundary", {
  writes: true,
  load: (input, context) => findRole(input.RoleName, context),
  authorize: (_, role, context) => [
    requirementOn("iam:DeleteRolePermissionsBoundary", role, context, {
      context: boundaryContext(role.record?.boundaryArn),
    }),
  ],
  handle: async (_, found, context) => {
    const role = modifiable(existing(found));
    if (role.boundaryArn === null) throw noBoundary("role", found.name);
    await roles.update(context.tx, role, { boundaryArn: null });
    return {};
  },
});

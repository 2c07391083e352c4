import { renderTrustPolicy } from "../../../authorization/binding.ts";
import type { SettledRole } from "../../../authorization/known-roles.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { gather } from "../../../store/sql/eventual.ts";
import type { NewRole } from "../../../store/iam/roles.ts";
import * as roles from "../../../store/iam/roles.ts";
import { anyCase } from "../../../store/iam/tags.ts";
import { boundaryContext, requireBoundaryPolicy } from "../boundary/boundary.ts";
import { requirementsToCreate } from "../boundary/creation.ts";
import { createdRole, describedRole, redescribedRole } from "../entity/describe.ts";
import { existing, find, findSettledRole, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { madeEntity } from "../entity/entity-quota.ts";
import { removeEntity } from "../entity/removal.ts";
import { modifiable, requireFreePath } from "../entity/role-protection.ts";
import { checkedTrustPolicy } from "./role-trust.ts";
import { checkedTags } from "../entity/tag.ts";

/** Seconds, where a request names no duration (API reference, CreateRole). */
const defaultSessionDuration = 3600;

export const createRole = operation("iam", "CreateRole", {
  writes: true,
  authorize: (input, _, context) => requirementsToCreate("role", input.RoleName, input, context),
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const path = input.Path ?? "/";
    requireFreePath(path);
    const roleTags = checkedTags(input.Tags, [], anyCase, context);
    const trust = await checkedTrustPolicy(input.AssumeRolePolicyDocument, context);
    if (input.PermissionsBoundary !== undefined) await requireBoundaryPolicy(input.PermissionsBoundary, context);
    const wanted: NewRole = {
      id: environment.ids.uniqueId("AROA", account),
      account,
      name: input.RoleName,
      path,
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? defaultSessionDuration,
      trustPolicy: trust.document,
      trustBindings: trust.bindings,
      boundaryArn: input.PermissionsBoundary,
      createdAt: request.now,
      tags: roleTags,
    };
    const role = await madeEntity("role", wanted.name, context, (limit) => roles.create(tx, wanted, limit));
    return { Role: createdRole(role, input.AssumeRolePolicyDocument, context) };
  },
});

/** Operations on a role may be allowed by the boundary that it has (Service Authorization Reference). */
function requirementOnRole(
  action: string,
  role: Found<SettledRole>,
  context: OperationContext,
): readonly Requirement[] {
  return [requirementOn(action, role, context, { context: boundaryContext(role.record?.boundaryArn) })];
}

export const getRole = operation("iam", "GetRole", {
  writes: false,
  load: (input, context) => findSettledRole(input.RoleName, context),
  authorize: (_, role, context) => requirementOnRole("iam:GetRole", role, context),
  handle: (_, found, context) => {
    const role = existing(found);
    return gather(
      () => roles.lastUse(context.tx, role.id),
      () => renderTrustPolicy(context.tx, role.trustPolicy, role.trustBindings),
      (lastUsed, document) => ({ Role: describedRole(role, lastUsed, document, context) }),
    );
  },
});

/** What is not given stays as it is, whatever the API reference says (recorded from AWS, LocalStack snapshots, 2026). */
export const updateRole = operation("iam", "UpdateRole", {
  writes: true,
  load: (input, context) => find("role", input.RoleName, context),
  authorize: (_, role, context) => requirementOnRole("iam:UpdateRole", role, context),
  handle: async (input, found, context) => {
    const role = existing(found);
    const { Description: description, MaxSessionDuration: maxSessionDuration } = input;
    // The description is the one thing about a service-linked role that its account may edit.
    if (maxSessionDuration !== undefined) modifiable(role);
    await roles.update(context.tx, role, {
      ...(description === undefined ? {} : { description }),
      ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
    });
    return {};
  },
});

export const updateRoleDescription = operation("iam", "UpdateRoleDescription", {
  writes: true,
  load: (input, context) => find("role", input.RoleName, context),
  authorize: (_, role, context) => requirementOnRole("iam:UpdateRoleDescription", role, context),
  handle: async (input, found, context) => {
    const role = await roles.update(context.tx, existing(found), { description: input.Description });
    return { Role: await redescribedRole(role, context) };
  },
});

export const updateAssumeRolePolicy = operation("iam", "UpdateAssumeRolePolicy", {
  writes: true,
  load: (input, context) => find("role", input.RoleName, context),
  authorize: (_, role, context) => requirementOnRole("iam:UpdateAssumeRolePolicy", role, context),
  handle: async (input, found, context) => {
    const role = modifiable(existing(found));
    const trust = await checkedTrustPolicy(input.PolicyDocument, context);
    await roles.update(context.tx, role, { trustPolicy: trust.document, trustBindings: trust.bindings });
    return {};
  },
});

export const deleteRole = operation("iam", "DeleteRole", {
  writes: true,
  load: (input, context) => find("role", input.RoleName, context),
  authorize: (_, role, context) => requirementOnRole("iam:DeleteRole", role, context),
  handle: async (_, found, context) => {
    await removeEntity("role", modifiable(existing(found)), context);
    return {};
  },
});

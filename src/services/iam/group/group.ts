import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { UpdateGroupRequest } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import * as groups from "../../../store/iam/groups.ts";
import * as inlinePolicies from "../../../store/iam/inline-policies.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import { describedGroup, listedUser } from "../entity/describe.ts";
import { existing, findGroup, requirementOn, requirementOnList } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { made } from "../entity/entity-quota.ts";
import { requireNone, entityAlreadyExists } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";
import { unlessTaken } from "../entity/taken-name.ts";

export const createGroup = operation("iam", "CreateGroup", {
  writes: true,
  authorize: (input, _, context) => [
    {
      action: "iam:CreateGroup",
      resource: iamArn(context.partition, context.account, "group", input.GroupName, input.Path),
      resourceAccount: context.account,
    },
  ],
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const wanted = {
      id: environment.ids.uniqueId("AGPA", account),
      account,
      name: input.GroupName,
      path: input.Path ?? "/",
      createdAt: request.now,
    };
    const group = await made(
      "groupsPerAccount",
      context,
      (limit) => groups.create(tx, wanted, limit),
      () => entityAlreadyExists("group", input.GroupName),
    );
    return { Group: describedGroup(group, context) };
  },
});

export const getGroup = operation("iam", "GetGroup", {
  writes: false,
  load: (input, context) => findGroup(input.GroupName, context),
  authorize: (_, group, context) => [requirementOn("iam:GetGroup", group, context)],
  handle: async (input, found, context) => {
    const group = existing(found);
    const members = await pages.list("GetGroup", input, {
      fetch: (after, limit) => groups.members(context.tx, group, { after, limit }),
      keyOf: (user) => user.name,
      show: (user) => listedUser(user, context),
    });
    return { Group: describedGroup(group, context), ...members };
  },
});

export const updateGroup = operation("iam", "UpdateGroup", {
  writes: true,
  load: (input, context) => findGroup(input.GroupName, context),
  authorize: (input, group, context) => updateGroupRequirements(input, group, context),
  handle: async (input, found, context) => {
    const group = existing(found);
    const to = { name: input.NewGroupName ?? group.name, path: input.NewPath ?? group.path };
    await unlessTaken(groups.update(context.tx, group, to), () => entityAlreadyExists("group", to.name));
    return {};
  },
});

/** A group is moved from one ARN to another, so both must be allowed (API reference, UpdateGroup). */
function updateGroupRequirements(
  input: UpdateGroupRequest,
  group: Found<GroupRecord>,
  context: OperationContext,
): readonly Requirement[] {
  const before = requirementOn("iam:UpdateGroup", group, context);
  const name = input.NewGroupName ?? group.record?.name ?? group.name;
  const path = input.NewPath ?? group.record?.path;
  const resource = iamArn(context.partition, context.account, "group", name, path);
  return resource === before.resource ? [before] : [before, { ...before, resource, shownAs: resource }];
}

export const deleteGroup = operation("iam", "DeleteGroup", {
  writes: true,
  load: (input, context) => findGroup(input.GroupName, context),
  authorize: (_, group, context) => [requirementOn("iam:DeleteGroup", group, context)],
  handle: async (_, found, context) => {
    const { tx } = context;
    const group = existing(found);
    await requireNone({
      "delete policies": inlinePolicies.totals(tx, group).then(({ count }) => count),
      "detach all policies": attachments.countByOwner(tx, group),
      "remove users from group": groups.memberCount(tx, group),
    });
    await groups.remove(tx, group);
    return {};
  },
});

export const listGroups = operation("iam", "ListGroups", {
  writes: false,
  authorize: (input, _, context) => [requirementOnList("iam:ListGroups", "group", input.PathPrefix, context)],
  handle: (input, _, context) =>
    pages.list("ListGroups", input, {
      fetch: (after, limit) => groups.list(context.tx, context.account, { after, limit, pathPrefix: input.PathPrefix }),
      keyOf: (group) => group.name,
      show: (group) => describedGroup(group, context),
    }),
});

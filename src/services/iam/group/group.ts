import { iamArn } from "../../../arn/arn.ts";
import { operation } from "../../../operation/operation.ts";
import * as groups from "../../../store/iam/groups.ts";
import { describedGroup, listedUser } from "../entity/describe.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import { madeEntity } from "../entity/entity-quota.ts";
import { removeEntity } from "../entity/removal.ts";
import { pages } from "../entity/paging.ts";

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
    const group = await madeEntity("group", wanted.name, context, (limit) => groups.create(tx, wanted, limit));
    return { Group: describedGroup(group, context) };
  },
});

export const getGroup = operation("iam", "GetGroup", {
  writes: false,
  load: (input, context) => find("group", input.GroupName, context),
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

export const deleteGroup = operation("iam", "DeleteGroup", {
  writes: true,
  load: (input, context) => find("group", input.GroupName, context),
  authorize: (_, group, context) => [requirementOn("iam:DeleteGroup", group, context)],
  handle: async (_, found, context) => {
    await removeEntity("group", existing(found), context);
    return {};
  },
});

import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as groups from "../../../store/iam/groups.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { describedGroup } from "../entity/describe.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

interface Membership {
  readonly group: Found<GroupRecord>;
  readonly user: Found<UserRecord>;
}

async function membership(
  input: { readonly GroupName: string; readonly UserName: string },
  context: OperationContext,
): Promise<Membership> {
  return { group: await find("group", input.GroupName, context), user: await find("user", input.UserName, context) };
}

/**
 * Where neither exists, the user is named (RemoveUserFromGroup: recorded from AWS, LocalStack snapshots, 2026).
 *
 * @throws Fault NoSuchEntity
 */
function bothExisting(found: Membership): { readonly user: UserRecord; readonly group: GroupRecord } {
  return { user: existing(found.user), group: existing(found.group) };
}

/** The group alone is the resource; which user is put into it, AWS does not ask (Service Authorization Reference). */
export const addUserToGroup = operation("iam", "AddUserToGroup", {
  writes: true,
  load: membership,
  authorize: (_, { group }, context) => [requirementOn("iam:AddUserToGroup", group, context)],
  handle: async (_, found, context) => {
    const { user, group } = bothExisting(found);
    const limit = context.environment.quotas.groupsPerUser;
    const before = await groups.groupCountOfUser(context.tx, user);
    // To be added once more changes nothing and exceeds nothing; what a fault leaves behind is rolled back.
    if ((await groups.addMember(context.tx, group, user)) && before >= limit) {
      throw quotaExceeded("GroupsPerUser", limit);
    }
    return {};
  },
});

/** Whoever is no member stays none (observed on AWS, September 2026, radkawar/stackd captures). */
export const removeUserFromGroup = operation("iam", "RemoveUserFromGroup", {
  writes: true,
  load: membership,
  authorize: (_, { group }, context) => [requirementOn("iam:RemoveUserFromGroup", group, context)],
  handle: async (_, found, context) => {
    const { user, group } = bothExisting(found);
    await groups.removeMember(context.tx, group, user);
    return {};
  },
});

export const listGroupsForUser = operation("iam", "ListGroupsForUser", {
  writes: false,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:ListGroupsForUser", user, context)],
  handle: (input, found, context) => {
    const user = existing(found);
    return pages.list("ListGroupsForUser", input, {
      fetch: (after, limit) => groups.groupsOfUser(context.tx, user, { after, limit }),
      keyOf: (group) => group.name,
      show: (group) => describedGroup(group, context),
    });
  },
});

import { rootArn } from "../../../arn/arn.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import type { AccountRecord } from "../../../store/organizations/accounts.ts";
import type { NewUser, UserRecord } from "../../../store/iam/users.ts";
import * as users from "../../../store/iam/users.ts";
import { anyCase } from "../../../store/iam/tags.ts";
import { requireBoundaryPolicy } from "../boundary/boundary.ts";
import { requirementsToCreate } from "../boundary/creation.ts";
import { describedRoot, describedUser } from "../entity/describe.ts";
import { callingUser, existing, find, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { madeEntity } from "../entity/entity-quota.ts";
import { removeEntity } from "../entity/removal.ts";
import { noSuchEntity } from "../entity/faults.ts";
import { checkedTags } from "../entity/tag.ts";

export const createUser = operation("iam", "CreateUser", {
  writes: true,
  authorize: (input, _, context) => requirementsToCreate("user", input.UserName, input, context),
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const userTags = checkedTags(input.Tags, [], anyCase, context);
    if (input.PermissionsBoundary !== undefined) await requireBoundaryPolicy(input.PermissionsBoundary, context);
    const wanted: NewUser = {
      id: environment.ids.uniqueId("AIDA", account),
      account,
      name: input.UserName,
      path: input.Path ?? "/",
      createdAt: request.now,
      boundaryArn: input.PermissionsBoundary,
      tags: userTags,
    };
    const user = await madeEntity("user", wanted.name, context, (limit) => users.create(tx, wanted, limit));
    return { User: describedUser(user, context) };
  },
});

/** Whom GetUser is about: a user, or the root of the account asking about itself. */
type Subject = Found<UserRecord> | { readonly kind: "root"; readonly record: AccountRecord | null };

async function subject(userName: string | undefined, context: OperationContext): Promise<Subject> {
  if (userName !== undefined) return find("user", userName, context);
  if (context.caller.principal.type === "Root") {
    return { kind: "root", record: await accounts.byId(context.tx, context.account) };
  }
  return callingUser("any", context);
}

export const getUser = operation("iam", "GetUser", {
  writes: false,
  load: (input, context) => subject(input.UserName, context),
  authorize: (_, found, context) =>
    found.kind === "root"
      ? [
          {
            action: "iam:GetUser",
            resource: rootArn(context.partition, context.account),
            resourceAccount: context.account,
          },
        ]
      : [requirementOn("iam:GetUser", found, context)],
  handle: (_, found, context) => {
    if (found.kind !== "root") return { User: describedUser(existing(found), context) };
    if (found.record === null) throw noSuchEntity("user", context.account);
    return { User: describedRoot(found.record, context) };
  },
});

export const deleteUser = operation("iam", "DeleteUser", {
  writes: true,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:DeleteUser", user, context)],
  handle: async (_, found, context) => {
    await removeEntity("user", existing(found), context);
    return {};
  },
});

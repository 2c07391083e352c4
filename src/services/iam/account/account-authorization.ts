import type {
  EntityType,
  GetAccountAuthorizationDetailsRequest,
  GroupDetail,
  ManagedPolicyDetail,
  RoleDetail,
  UserDetail,
} from "../../../contracts/iam/types.gen.ts";
import type { AwsManagedPolicy } from "../../../authorization/aws-managed-policies.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import * as groups from "../../../store/iam/groups.ts";
import * as policies from "../../../store/iam/policies.ts";
import type { GroupRecord } from "../../../store/iam/groups.ts";
import type { PolicyRecord } from "../../../store/iam/policies.ts";
import type { RoleRecord } from "../../../store/iam/roles.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import * as roles from "../../../store/iam/roles.ts";
import * as users from "../../../store/iam/users.ts";
import { awsPolicyDetail, groupDetail, policyDetail, roleDetail, userDetail } from "./account-authorization-detail.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { validationError } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

/** One thing of the account, of the type that `Filter` knows it by. */
type Item =
  | { readonly type: "User"; readonly record: UserRecord }
  | { readonly type: "Group"; readonly record: GroupRecord }
  | { readonly type: "Role"; readonly record: RoleRecord }
  | { readonly type: "LocalManagedPolicy"; readonly record: PolicyRecord }
  | { readonly type: "AWSManagedPolicy"; readonly record: AwsManagedPolicy };

/** The order in which pages go through an account. */
const types = ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"] as const satisfies EntityType[];

/**
 * Everything that permissions in an account come from. MaxItems counts things of all types together; of AWS's policies
 * only those are there that the account uses.
 */
export const getAccountAuthorizationDetails = operation("iam", "GetAccountAuthorizationDetails", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:GetAccountAuthorizationDetails", context)],
  handle: async (input, _, context) => {
    const wanted = wantedTypes(input);
    const { items, end } = await pages.page("GetAccountAuthorizationDetails", input, {
      fetch: (after, limit) => itemsAfter(after, limit, wanted, context),
      keyOf,
    });
    return { ...(await detailed(items, context)), ...end };
  },
});

function wantedTypes({ Filter: filter }: GetAccountAuthorizationDetailsRequest): readonly EntityType[] {
  return filter === undefined || filter.length === 0 ? types : types.filter((type) => filter.includes(type));
}

function keyOf(item: Item): string {
  return `${item.type}/${item.record.name}`;
}

async function itemsAfter(
  after: string | undefined,
  limit: number,
  wanted: readonly EntityType[],
  context: OperationContext,
): Promise<readonly Item[]> {
  const [, lastType, lastName] = /^(\w+)\/(.*)$/s.exec(after ?? "") ?? [];
  const start = lastType === undefined ? 0 : wanted.indexOf(lastType as EntityType);
  if (after !== undefined && lastType === undefined) throw validationError("Invalid Marker.");
  // A marker goes on with the request that it came from, so its type must be among those asked for.
  if (start < 0) throw validationError("Marker and Filter do not match");
  const items: Item[] = [];
  for (const type of wanted.slice(start)) {
    if (items.length >= limit) break;
    const afterName = type === lastType ? lastName : undefined;
    items.push(...(await itemsOf(type, afterName, limit - items.length, context)));
  }
  return items;
}

async function itemsOf(
  type: EntityType,
  after: string | undefined,
  limit: number,
  context: OperationContext,
): Promise<Item[]> {
  const { tx, account } = context;
  const range = { after, limit };
  switch (type) {
    case "User":
      return (await users.list(tx, account, range)).map((record) => ({ type, record }));
    case "Group":
      return (await groups.list(tx, account, range)).map((record) => ({ type, record }));
    case "Role":
      return (await roles.list(tx, account, range)).map((record) => ({ type, record }));
    case "LocalManagedPolicy":
      return (await policies.list(tx, account, range)).map((record) => ({ type, record }));
    case "AWSManagedPolicy":
      return (await usedAwsPolicies(after, limit, context)).map((record) => ({ type, record }));
  }
}

async function usedAwsPolicies(
  after: string | undefined,
  limit: number,
  context: OperationContext,
): Promise<AwsManagedPolicy[]> {
  const used: AwsManagedPolicy[] = [];
  for (const arn of (await attachments.usage(context.tx, context.account)).keys()) {
    const policy = context.environment.awsManaged.get(arn);
    if (policy !== undefined && (after === undefined || policy.name > after)) used.push(policy);
  }
  return used.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
}

async function detailed(items: readonly Item[], context: OperationContext) {
  const UserDetailList: UserDetail[] = [];
  const GroupDetailList: GroupDetail[] = [];
  const RoleDetailList: RoleDetail[] = [];
  const Policies: ManagedPolicyDetail[] = [];
  // One after another: they share the transaction's one connection.
  for (const item of items) {
    switch (item.type) {
      case "User":
        UserDetailList.push(await userDetail(item.record, context));
        break;
      case "Group":
        GroupDetailList.push(await groupDetail(item.record, context));
        break;
      case "Role":
        RoleDetailList.push(await roleDetail(item.record, context));
        break;
      case "LocalManagedPolicy":
        Policies.push(await policyDetail(item.record, context));
        break;
      case "AWSManagedPolicy":
        Policies.push(await awsPolicyDetail(item.record, context));
        break;
    }
  }
  return { UserDetailList, GroupDetailList, RoleDetailList, Policies };
}

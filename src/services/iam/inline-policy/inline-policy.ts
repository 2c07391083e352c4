import type { Declaration, Input } from "../../../operation/operation.ts";
import { operation } from "../../../operation/operation.ts";
import type { ListPage, PagedName } from "../../../operation/page.ts";
import type { Quotas } from "../../../operation/quotas.ts";
import * as inlinePolicies from "../../../store/iam/inline-policies.ts";
import type { InlinePolicy } from "../../../store/iam/inline-policies.ts";
import { existing } from "../entity/entity-names.ts";
import type { NamedEntity } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";
import { checkIdentityPolicy } from "../policy/policy-document.ts";
import { inlinePoliciesTooLarge, noSuchInlinePolicy } from "../policy/policy-faults.ts";
import { findHolder, modifiableHolder, requirementToChange, requirementToRead } from "../boundary/policy-holder.ts";
import type { FoundHolder, PolicyHolder } from "../boundary/policy-holder.ts";
import { policySize } from "../policy/policy-size.ts";

/** The four operations that IAM has over the inline policies of users, of groups and of roles. */

type Nothing = Readonly<Record<string, never>>;
type Named = { readonly PolicyName: string };

const sizeQuotas = {
  user: "inlinePolicySizePerUser",
  group: "inlinePolicySizePerGroup",
  role: "inlinePolicySizePerRole",
} as const satisfies Record<NamedEntity, keyof Quotas>;

const titles: Readonly<Record<NamedEntity, string>> = { user: "User", group: "Group", role: "Role" };

export const putUserPolicy = operation(
  "iam",
  "PutUserPolicy",
  putting("user", (input) => input.UserName),
);
export const putGroupPolicy = operation(
  "iam",
  "PutGroupPolicy",
  putting("group", (input) => input.GroupName),
);
export const putRolePolicy = operation(
  "iam",
  "PutRolePolicy",
  putting("role", (input) => input.RoleName),
);

export const getUserPolicy = operation(
  "iam",
  "GetUserPolicy",
  getting(
    "user",
    (input) => input.UserName,
    (user, policy) => ({ UserName: user.name, ...describedInline(policy) }),
  ),
);
export const getGroupPolicy = operation(
  "iam",
  "GetGroupPolicy",
  getting(
    "group",
    (input) => input.GroupName,
    (group, policy) => ({ GroupName: group.name, ...describedInline(policy) }),
  ),
);
export const getRolePolicy = operation(
  "iam",
  "GetRolePolicy",
  getting(
    "role",
    (input) => input.RoleName,
    (role, policy) => ({ RoleName: role.name, ...describedInline(policy) }),
  ),
);

export const deleteUserPolicy = operation(
  "iam",
  "DeleteUserPolicy",
  deleting("user", (input) => input.UserName),
);
export const deleteGroupPolicy = operation(
  "iam",
  "DeleteGroupPolicy",
  deleting("group", (input) => input.GroupName),
);
export const deleteRolePolicy = operation(
  "iam",
  "DeleteRolePolicy",
  deleting("role", (input) => input.RoleName),
);

export const listUserPolicies = operation(
  "iam",
  "ListUserPolicies",
  listing("ListUserPolicies", "user", (input) => input.UserName),
);
export const listGroupPolicies = operation(
  "iam",
  "ListGroupPolicies",
  listing("ListGroupPolicies", "group", (input) => input.GroupName),
);
export const listRolePolicies = operation(
  "iam",
  "ListRolePolicies",
  listing("ListRolePolicies", "role", (input) => input.RoleName),
);

/** AWS adds up all inline policies of the holder (IAM User Guide, reference_iam-quotas). */
function putting<I extends Named & { readonly PolicyDocument: string }>(
  kind: NamedEntity,
  nameOf: (input: I) => string,
): Declaration<I, Nothing, FoundHolder> {
  return {
    writes: true,
    load: (input, context) => findHolder(kind, nameOf(input), context),
    authorize: (_, found, context) => [requirementToChange(`iam:Put${titles[kind]}Policy`, found, context)],
    handle: async (input, found, context) => {
      const { tx } = context;
      const holder = modifiableHolder(found);
      const { PolicyName: name, PolicyDocument: document } = input;
      checkIdentityPolicy(document, "inline", context);
      const size = policySize(document);
      const [replaced, totals] = await Promise.all([
        inlinePolicies.get(tx, holder, name),
        inlinePolicies.totals(tx, holder),
      ]);
      const others = totals.size - policySize(replaced?.document ?? "");
      const limit = context.environment.quotas[sizeQuotas[kind]];
      if (others + size > limit) throw inlinePoliciesTooLarge(kind, found.name, limit);
      await inlinePolicies.put(tx, holder, { name, document, size });
      return {};
    },
  };
}

function getting<I extends Named, O>(
  kind: NamedEntity,
  nameOf: (input: I) => string,
  describe: (holder: PolicyHolder, policy: InlinePolicy) => O,
): Declaration<I, O, FoundHolder> {
  return {
    writes: false,
    load: (input, context) => findHolder(kind, nameOf(input), context),
    authorize: (_, found, context) => [requirementToRead(`iam:Get${titles[kind]}Policy`, found, context)],
    handle: async (input, found, context) => {
      const holder = existing(found);
      const policy = await inlinePolicies.get(context.tx, holder, input.PolicyName);
      if (policy === null) throw noSuchInlinePolicy(kind, input.PolicyName);
      return describe(holder, policy);
    },
  };
}

function describedInline(policy: InlinePolicy): { PolicyName: string; PolicyDocument: string } {
  return { PolicyName: policy.name, PolicyDocument: policy.document };
}

function deleting<I extends Named>(
  kind: NamedEntity,
  nameOf: (input: I) => string,
): Declaration<I, Nothing, FoundHolder> {
  return {
    writes: true,
    load: (input, context) => findHolder(kind, nameOf(input), context),
    authorize: (_, found, context) => [requirementToChange(`iam:Delete${titles[kind]}Policy`, found, context)],
    handle: async (input, found, context) => {
      const holder = modifiableHolder(found);
      const policy = await inlinePolicies.get(context.tx, holder, input.PolicyName);
      if (policy === null) throw noSuchInlinePolicy(kind, input.PolicyName);
      await inlinePolicies.remove(context.tx, holder, policy.name);
      return {};
    },
  };
}

type Listing = Extract<PagedName<"iam">, `List${"User" | "Group" | "Role"}Policies`>;

function listing<I extends Input<"iam", Listing>>(
  operationName: Listing,
  kind: NamedEntity,
  nameOf: (input: I) => string,
): Declaration<I, ListPage<"iam", Listing>, FoundHolder> {
  return {
    writes: false,
    load: (input, context) => findHolder(kind, nameOf(input), context),
    authorize: (_, found, context) => [requirementToRead(`iam:${operationName}`, found, context)],
    handle: (input, found, context) => {
      const holder = existing(found);
      return pages.list(operationName, input, {
        fetch: (after, limit) => inlinePolicies.names(context.tx, holder, { after, limit }),
        keyOf: (name) => name,
        show: (name) => name,
      });
    },
  };
}

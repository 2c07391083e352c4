import { parseArn } from "../../../arn/arn.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { Declaration, Input } from "../../../operation/operation.ts";
import { operation } from "../../../operation/operation.ts";
import type { ListPage, PagedName } from "../../../operation/page.ts";
import type { Quotas } from "../../../operation/quotas.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import type { AttachedPolicy } from "../../../contracts/iam/types.gen.ts";
import { NotFound } from "../../../store/sql/errors.ts";
import { existing } from "../entity/entity-names.ts";
import { noSuchPolicy, policyNotAttachable, quotaExceeded, validationError } from "../entity/faults.ts";
import type { NamedEntity } from "../entity/faults.ts";
import { findPolicy } from "../managed-policy/managed-policy-lookup.ts";
import type { FoundPolicy } from "../managed-policy/managed-policy-lookup.ts";
import { pages } from "../entity/paging.ts";
import { serviceRolePolicy } from "../policy/policy-faults.ts";
import { findHolder, modifiableHolder, requirementToChange, requirementToRead } from "../boundary/policy-holder.ts";
import type { FoundHolder, PolicyHolder } from "../boundary/policy-holder.ts";

/** The three operations that IAM has over managed policies attached to users, to groups and to roles. */

type Nothing = Readonly<Record<string, never>>;
type NamesPolicy = { readonly PolicyArn: string };

interface Kind {
  readonly title: string;
  readonly quota: keyof Quotas;
  /** As the fault names it. */
  readonly quotaName: string;
}

const kinds: Readonly<Record<NamedEntity, Kind>> = {
  user: { title: "User", quota: "attachedPoliciesPerUser", quotaName: "PoliciesPerUser" },
  group: { title: "Group", quota: "attachedPoliciesPerGroup", quotaName: "PoliciesPerGroup" },
  role: { title: "Role", quota: "attachedPoliciesPerRole", quotaName: "PoliciesPerRole" },
};

export const attachUserPolicy = operation(
  "iam",
  "AttachUserPolicy",
  attaching("user", (input) => input.UserName),
);
export const attachGroupPolicy = operation(
  "iam",
  "AttachGroupPolicy",
  attaching("group", (input) => input.GroupName),
);
export const attachRolePolicy = operation(
  "iam",
  "AttachRolePolicy",
  attaching("role", (input) => input.RoleName),
);

export const detachUserPolicy = operation(
  "iam",
  "DetachUserPolicy",
  detaching("user", (input) => input.UserName),
);
export const detachGroupPolicy = operation(
  "iam",
  "DetachGroupPolicy",
  detaching("group", (input) => input.GroupName),
);
export const detachRolePolicy = operation(
  "iam",
  "DetachRolePolicy",
  detaching("role", (input) => input.RoleName),
);

export const listAttachedUserPolicies = operation(
  "iam",
  "ListAttachedUserPolicies",
  listing("ListAttachedUserPolicies", "user", (input) => input.UserName),
);
export const listAttachedGroupPolicies = operation(
  "iam",
  "ListAttachedGroupPolicies",
  listing("ListAttachedGroupPolicies", "group", (input) => input.GroupName),
);
export const listAttachedRolePolicies = operation(
  "iam",
  "ListAttachedRolePolicies",
  listing("ListAttachedRolePolicies", "role", (input) => input.RoleName),
);

interface Attachment {
  readonly holder: FoundHolder;
  readonly policy: FoundPolicy;
}

async function findAttachment(
  kind: NamedEntity,
  name: string,
  arn: string,
  context: OperationContext,
): Promise<Attachment> {
  const [policy, holder] = await Promise.all([findPolicy(arn, context), findHolder(kind, name, context)]);
  return { policy, holder };
}

/** Attaching what is attached already succeeds and changes nothing, at the quota too. */
function attaching<I extends NamesPolicy>(
  kind: NamedEntity,
  nameOf: (input: I) => string,
): Declaration<I, Nothing, Attachment> {
  return {
    writes: true,
    load: (input, context) => findAttachment(kind, nameOf(input), input.PolicyArn, context),
    authorize: (input, { holder }, context) => [
      requirementToChange(`iam:Attach${kinds[kind].title}Policy`, holder, context, {
        "iam:PolicyARN": input.PolicyArn,
      }),
    ],
    handle: async (input, found, context) => {
      const holder = modifiableHolder(found.holder);
      requireAttachable(kind, found.policy);
      await attach(kind, holder, input.PolicyArn, context);
      return {};
    },
  };
}

/** @throws Fault LimitExceeded */
async function attach(kind: NamedEntity, holder: PolicyHolder, arn: string, context: OperationContext): Promise<void> {
  const { tx, environment } = context;
  const { quota, quotaName } = kinds[kind];
  const limit = environment.quotas[quota];
  const count = await attachments.countByOwner(tx, holder);
  if (count >= limit) {
    const present = await attachments.listByOwner(tx, holder, { limit: count });
    if (present.includes(arn)) return;
    throw quotaExceeded(quotaName, limit);
  }
  await attachments.attach(tx, holder, arn);
}

/** @throws Fault NoSuchEntity, PolicyNotAttachable */
function requireAttachable(kind: NamedEntity, found: FoundPolicy): void {
  const { policy } = found;
  if (policy === null || (policy.owner === "customer" && !policy.record.attachable)) {
    throw policyNotAttachable(found.arn);
  }
  if (policy.owner === "aws" && policy.policy.path.startsWith("/aws-service-role/")) throw serviceRolePolicy(kind);
}

/** The policy itself need not exist: what matters is whether it is attached. */
function detaching<I extends NamesPolicy>(
  kind: NamedEntity,
  nameOf: (input: I) => string,
): Declaration<I, Nothing, Attachment> {
  return {
    writes: true,
    load: (input, context) => findAttachment(kind, nameOf(input), input.PolicyArn, context),
    authorize: (input, { holder }, context) => [
      requirementToChange(`iam:Detach${kinds[kind].title}Policy`, holder, context, {
        "iam:PolicyARN": input.PolicyArn,
      }),
    ],
    handle: async (input, found, context) => {
      const holder = modifiableHolder(found.holder);
      try {
        await attachments.detach(context.tx, holder, input.PolicyArn);
      } catch (error) {
        if (error instanceof NotFound) throw noSuchPolicy(input.PolicyArn);
        throw error;
      }
      return {};
    },
  };
}

type Listing = Extract<PagedName<"iam">, `ListAttached${string}Policies`>;

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
        fetch: (after, limit) => {
          // The store orders by what the ARN says; a made-up marker must not reach it.
          if (after !== undefined && parseArn(after)?.resource.startsWith("policy/") !== true) {
            throw validationError("Invalid Marker.");
          }
          return attachments.listByOwner(context.tx, holder, { after, limit, pathPrefix: input.PathPrefix });
        },
        keyOf: (arn) => arn,
        show: attachedPolicy,
      });
    },
  };
}

export function attachedPolicy(arn: string): AttachedPolicy {
  return { PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn };
}

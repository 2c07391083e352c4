import type { OperationContext } from "../../../operation/context.ts";
import * as inlinePolicies from "../../../store/iam/inline-policies.ts";
import type { InlinePolicy } from "../../../store/iam/inline-policies.ts";
import { findHolder, modifiableHolder, requirementToChange, requirementToRead } from "../boundary/policy-holder.ts";
import type { PolicyHolder, PolicyHolderKind } from "../boundary/policy-holder.ts";
import { existing } from "../entity/entity-names.ts";
import { familyOf } from "../entity/family.ts";
import { kinds, titleOf } from "../entity/kinds.ts";
import { pages } from "../entity/paging.ts";
import { checkIdentityPolicy } from "../policy/policy-document.ts";
import { inlinePoliciesTooLarge, noSuchInlinePolicy } from "../policy/policy-faults.ts";
import { policySize } from "../policy/policy-size.ts";

/** The operations that IAM has over the inline policies of whatever can hold policies. */
type Patterns = "Put*Policy" | "Get*Policy" | "Delete*Policy" | "List*Policies";
const operationOf = familyOf<Patterns>();

export function inlinePolicyOperations<K extends PolicyHolderKind>(kind: K) {
  const title = titleOf(kind);
  return {
    ...operationOf(title, "Put*Policy", (name) => ({
      writes: true,
      load: (input, context) => findHolder(kind, input, context),
      authorize: (_, found, context) => [requirementToChange(`iam:${name}`, found, context)],
      handle: async (input, found, context) => {
        const policy = { name: input.PolicyName, document: input.PolicyDocument };
        await put(kind, modifiableHolder(found), found.name, policy, context);
        return {};
      },
    })),
    ...operationOf(title, "Get*Policy", (name) => ({
      writes: false,
      load: (input, context) => findHolder(kind, input, context),
      authorize: (_, found, context) => [requirementToRead(`iam:${name}`, found, context)],
      handle: async (input, found, context) => {
        const { document } = await existingPolicy(kind, existing(found), input.PolicyName, context);
        return described(kind, found.name, { name: input.PolicyName, document });
      },
    })),
    ...operationOf(title, "Delete*Policy", (name) => ({
      writes: true,
      load: (input, context) => findHolder(kind, input, context),
      authorize: (_, found, context) => [requirementToChange(`iam:${name}`, found, context)],
      handle: async (input, found, context) => {
        const holder = modifiableHolder(found);
        const policy = await existingPolicy(kind, holder, input.PolicyName, context);
        await inlinePolicies.remove(context.tx, holder, policy.name);
        return {};
      },
    })),
    ...operationOf(title, "List*Policies", (name) => ({
      writes: false,
      load: (input, context) => findHolder(kind, input, context),
      authorize: (_, found, context) => [requirementToRead(`iam:${name}`, found, context)],
      handle: (input, found, context) => {
        const holder = existing(found);
        return pages.list(name, input, {
          fetch: (after, limit) => inlinePolicies.names(context.tx, holder, { after, limit }),
          keyOf: (policyName) => policyName,
          show: (policyName) => policyName,
        });
      },
    })),
  };
}

/**
 * AWS adds up all inline policies of the holder (IAM User Guide, reference_iam-quotas).
 *
 * @param holderName as the caller wrote it
 * @throws Fault MalformedPolicyDocument, LimitExceeded
 */
async function put(
  kind: PolicyHolderKind,
  holder: PolicyHolder,
  holderName: string,
  policy: InlinePolicy,
  context: OperationContext,
): Promise<void> {
  const { tx, environment } = context;
  checkIdentityPolicy(policy.document, "inline", context);
  const size = policySize(policy.document);
  const [replaced, totals] = await Promise.all([
    inlinePolicies.get(tx, holder, policy.name),
    inlinePolicies.totals(tx, holder),
  ]);
  const others = totals.size - policySize(replaced?.document ?? "");
  const limit = environment.quotas[`inlinePolicySizePer${kinds[kind].title}`];
  if (others + size > limit) throw inlinePoliciesTooLarge(kind, holderName, limit);
  await inlinePolicies.put(tx, holder, { ...policy, size });
}

/** @throws Fault NoSuchEntity */
async function existingPolicy(
  kind: PolicyHolderKind,
  holder: PolicyHolder,
  name: string,
  context: OperationContext,
): Promise<InlinePolicy> {
  const policy = await inlinePolicies.get(context.tx, holder, name);
  if (policy === null) throw noSuchInlinePolicy(kind, name);
  return policy;
}

/**
 * The holder's name stands under its own member: `UserName`. AWS repeats both names as they were asked for, which need not
 * be how they are written.
 */
function described(kind: PolicyHolderKind, holderName: string, policy: InlinePolicy) {
  const shown = { PolicyName: policy.name, PolicyDocument: policy.document };
  switch (kind) {
    case "user":
      return { UserName: holderName, ...shown };
    case "group":
      return { GroupName: holderName, ...shown };
    case "role":
      return { RoleName: holderName, ...shown };
  }
}

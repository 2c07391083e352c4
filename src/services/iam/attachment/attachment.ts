import { parseArn } from "../../../arn/arn.ts";
import { isReserved } from "../../../authorization/aws-managed-policies.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import type { AttachedPolicy } from "../../../contracts/iam/types.gen.ts";
import { NotFound } from "../../../store/sql/errors.ts";
import { existing } from "../entity/entity-names.ts";
import { noSuchPolicy, policyNotAttachable, quotaExceeded, validationError } from "../entity/faults.ts";
import { familyOf } from "../entity/family.ts";
import { kinds, titleOf } from "../entity/kinds.ts";
import { findPolicy } from "../managed-policy/managed-policy-lookup.ts";
import type { FoundPolicy } from "../managed-policy/managed-policy-lookup.ts";
import { pages } from "../entity/paging.ts";
import { reservedPolicy } from "../policy/policy-faults.ts";
import { findHolder, modifiableHolder, requirementToChange, requirementToRead } from "../boundary/policy-holder.ts";
import type { FoundHolder, PolicyHolder, PolicyHolderKind } from "../boundary/policy-holder.ts";

/** The operations that IAM has over managed policies attached to whatever can hold policies. */
type Patterns = "Attach*Policy" | "Detach*Policy" | "ListAttached*Policies";
const operationOf = familyOf<Patterns>();

interface Attachment {
  readonly holder: FoundHolder;
  readonly policy: FoundPolicy;
}

async function findAttachment(
  kind: PolicyHolderKind,
  input: { readonly PolicyArn: string },
  context: OperationContext,
): Promise<Attachment> {
  const [policy, holder] = await Promise.all([findPolicy(input.PolicyArn, context), findHolder(kind, input, context)]);
  return { policy, holder };
}

export function attachmentOperations<K extends PolicyHolderKind>(kind: K) {
  const title = titleOf(kind);
  return {
    // Attaching what is attached already succeeds and changes nothing, at the quota too.
    ...operationOf(title, "Attach*Policy", (name) => ({
      writes: true,
      load: (input, context) => findAttachment(kind, input, context),
      authorize: (input, { holder }, context) => [
        requirementToChange(`iam:${name}`, holder, context, { "iam:PolicyARN": input.PolicyArn }),
      ],
      handle: async (input, found, context) => {
        const holder = modifiableHolder(found.holder);
        requireAttachable(kind, found.policy);
        await attach(kind, holder, input.PolicyArn, context);
        return {};
      },
    })),
    // The policy itself need not exist: what matters is whether it is attached.
    ...operationOf(title, "Detach*Policy", (name) => ({
      writes: true,
      load: (input, context) => findAttachment(kind, input, context),
      authorize: (input, { holder }, context) => [
        requirementToChange(`iam:${name}`, holder, context, { "iam:PolicyARN": input.PolicyArn }),
      ],
      handle: async (input, found, context) => {
        await detach(modifiableHolder(found.holder), input.PolicyArn, context);
        return {};
      },
    })),
    ...operationOf(title, "ListAttached*Policies", (name) => ({
      writes: false,
      load: (input, context) => findHolder(kind, input, context),
      authorize: (_, found, context) => [requirementToRead(`iam:${name}`, found, context)],
      handle: (input, found, context) =>
        pages.list(name, input, attachedTo(existing(found), input.PathPrefix, context)),
    })),
  };
}

/** @throws Fault LimitExceeded */
async function attach(
  kind: PolicyHolderKind,
  holder: PolicyHolder,
  arn: string,
  context: OperationContext,
): Promise<void> {
  const { tx, environment } = context;
  const { title } = kinds[kind];
  const limit = environment.quotas[`attachedPoliciesPer${title}`];
  const count = await attachments.countByOwner(tx, holder);
  if (count >= limit) {
    const present = await attachments.listByOwner(tx, holder, { limit: count });
    if (present.includes(arn)) return;
    throw quotaExceeded(`PoliciesPer${title}`, limit);
  }
  await attachments.attach(tx, holder, arn);
}

/** @throws Fault NoSuchEntity, PolicyNotAttachable */
function requireAttachable(kind: PolicyHolderKind, found: FoundPolicy): void {
  const { policy } = found;
  if (policy === null || (policy.owner === "customer" && !policy.record.attachable)) {
    throw policyNotAttachable(found.arn);
  }
  if (policy.owner === "aws" && isReserved(policy.policy)) throw reservedPolicy(kind);
}

/** @throws Fault NoSuchEntity */
async function detach(holder: PolicyHolder, arn: string, { tx }: OperationContext): Promise<void> {
  try {
    await attachments.detach(tx, holder, arn);
  } catch (error) {
    if (error instanceof NotFound) throw noSuchPolicy(arn);
    throw error;
  }
}

function attachedTo(holder: PolicyHolder, pathPrefix: string | undefined, context: OperationContext) {
  return {
    fetch: (after: string | undefined, limit: number) => {
      // The store orders by what the ARN says; a made-up marker must not reach it.
      if (after !== undefined && parseArn(after)?.resource.startsWith("policy/") !== true) {
        throw validationError("Invalid Marker.");
      }
      return attachments.listByOwner(context.tx, holder, { after, limit, pathPrefix });
    },
    keyOf: (arn: string) => arn,
    show: attachedPolicy,
  };
}

export function attachedPolicy(arn: string): AttachedPolicy {
  return { PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn };
}

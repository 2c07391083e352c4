import { operation } from "../../../operation/operation.ts";
import * as versions from "../../../store/iam/policy-versions.ts";
import type { PolicyRecord } from "../../../store/iam/policies.ts";
import type { PolicyVersionRecord } from "../../../store/iam/policy-versions.ts";
import type { Tx } from "../../../store/sql/database.ts";
import { validationError } from "../entity/faults.ts";
import { describedAwsVersion, describedVersion, listedAwsVersion, listedVersion } from "./managed-policy-describe.ts";
import { existingCustomerPolicy, existingPolicy, findPolicy, requirementOnPolicy } from "./managed-policy-lookup.ts";
import { checkManagedPolicy } from "./managed-policy.ts";
import { pages } from "../entity/paging.ts";
import { defaultVersionStays, noSuchPolicyVersion, tooManyVersions } from "../policy/policy-faults.ts";

export const createPolicyVersion = operation("iam", "CreatePolicyVersion", {
  writes: true,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:CreatePolicyVersion", found, context)],
  handle: async (input, found, context) => {
    const policy = existingCustomerPolicy(found, context, "create versions for policies");
    checkManagedPolicy(input.PolicyDocument, context);
    const limit = context.environment.quotas.versionsPerPolicy;
    if ((await versions.list(context.tx, policy)).length >= limit) throw tooManyVersions(limit);
    const version = await versions.add(context.tx, policy, {
      document: input.PolicyDocument,
      createdAt: context.request.now,
      asDefault: input.SetAsDefault ?? false,
    });
    return { PolicyVersion: listedVersion(version) };
  },
});

export const getPolicyVersion = operation("iam", "GetPolicyVersion", {
  writes: false,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:GetPolicyVersion", found, context)],
  handle: async (input, found, context) => {
    const policy = existingPolicy(found, context, (arn) => noSuchPolicyVersion(arn, input.VersionId));
    if (policy.owner === "customer") {
      return { PolicyVersion: describedVersion(await existingVersion(context.tx, policy.record, input.VersionId)) };
    }
    // Older versions of AWS's policies are not part of the data that rolecall carries.
    if (input.VersionId !== policy.policy.defaultVersionId) throw noSuchPolicyVersion(found.arn, input.VersionId);
    return { PolicyVersion: describedAwsVersion(policy.policy) };
  },
});

/** Newest first, as AWS lists them. */
export const listPolicyVersions = operation("iam", "ListPolicyVersions", {
  writes: false,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:ListPolicyVersions", found, context)],
  handle: async (input, found, context) => {
    const policy = existingPolicy(found, context);
    if (policy.owner === "aws") return { Versions: [listedAwsVersion(policy.policy)], IsTruncated: false };
    const all = await versions.list(context.tx, policy.record);
    return pages.list("ListPolicyVersions", input, {
      fetch: (after, limit) => olderThan(all, after).slice(0, limit),
      keyOf: (version) => String(version.number),
      show: listedVersion,
    });
  },
});

function olderThan(all: readonly PolicyVersionRecord[], after: string | undefined): readonly PolicyVersionRecord[] {
  if (after === undefined) return all;
  if (!/^\d+$/.test(after)) throw validationError("Invalid Marker.");
  return all.filter((version) => version.number < Number(after));
}

export const setDefaultPolicyVersion = operation("iam", "SetDefaultPolicyVersion", {
  writes: true,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:SetDefaultPolicyVersion", found, context)],
  handle: async (input, found, context) => {
    const missing = (arn: string) => noSuchPolicyVersion(arn, input.VersionId);
    const policy = existingCustomerPolicy(found, context, "update policies", missing);
    const version = await existingVersion(context.tx, policy, input.VersionId);
    await versions.setDefault(context.tx, policy, version.number, context.request.now);
    return {};
  },
});

export const deletePolicyVersion = operation("iam", "DeletePolicyVersion", {
  writes: true,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:DeletePolicyVersion", found, context)],
  handle: async (input, found, context) => {
    const missing = (arn: string) => noSuchPolicyVersion(arn, input.VersionId);
    const policy = existingCustomerPolicy(found, context, "delete policy versions for policies", missing);
    const version = await existingVersion(context.tx, policy, input.VersionId);
    if (version.isDefault) throw defaultVersionStays();
    await versions.remove(context.tx, policy, version.number);
    return {};
  },
});

/** @throws Fault NoSuchEntity */
async function existingVersion(tx: Tx, policy: PolicyRecord, id: string): Promise<PolicyVersionRecord> {
  // The contract's pattern also admits `v1.suffix`, which no version of a customer's policy has.
  const number = /^v([1-9]\d{0,8})$/.exec(id)?.[1];
  const version = number === undefined ? null : await versions.byNumber(tx, policy, Number(number));
  if (version === null) throw noSuchPolicyVersion(policy.arn, id);
  return version;
}

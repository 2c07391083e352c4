import type { ListPoliciesRequest, Policy, PolicyUsageType } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import type { PolicyUsage } from "../../../store/iam/attachments.ts";
import * as policies from "../../../store/iam/policies.ts";
import { validationError } from "../entity/faults.ts";
import { listedAwsPolicy, listedPolicy } from "./managed-policy-describe.ts";
import { pages } from "../entity/paging.ts";

/** A policy in the list and the place after which the next page goes on: `local/NAME` or `aws/NAME`. */
interface Listed {
  readonly key: string;
  readonly policy: Policy;
}

/** The account's own policies come first, then AWS's, each by name. */
export const listPolicies = operation("iam", "ListPolicies", {
  writes: false,
  authorize: (input, _, context) => {
    const prefix = input.PathPrefix ?? "/";
    const resource = `arn:${context.partition}:iam::${context.account}:policy${prefix}`;
    // Seen in public logs: this refusal names the path.
    return [
      { action: "iam:ListPolicies", resource, resourceAccount: context.account, shownAs: `policy path ${prefix}` },
    ];
  },
  handle: (input, _, context) =>
    pages.list("ListPolicies", input, {
      fetch: (after, limit) => listFrom(place(after), limit, input, context),
      keyOf: (listed) => listed.key,
      show: (listed) => listed.policy,
    }),
});

type Place = { readonly scope: "local" | "aws"; readonly name: string } | undefined;

function place(after: string | undefined): Place {
  if (after === undefined) return undefined;
  const [, scope, name] = /^(local|aws)\/(.*)$/s.exec(after) ?? [];
  if (scope === undefined || name === undefined) throw validationError("Invalid Marker.");
  return { scope: scope as "local" | "aws", name };
}

async function listFrom(
  after: Place,
  limit: number,
  request: ListPoliciesRequest,
  context: OperationContext,
): Promise<readonly Listed[]> {
  const { Scope: scope = "All" } = request;
  const found: Listed[] = [];
  if (scope !== "AWS" && after?.scope !== "aws") {
    found.push(...(await customerPolicies(after?.name, limit, request, context)));
  }
  if (scope !== "Local" && found.length < limit) {
    const afterName = after?.scope === "aws" ? after.name : undefined;
    found.push(...(await awsPolicies(afterName, limit - found.length, request, context)));
  }
  return found;
}

async function customerPolicies(
  after: string | undefined,
  limit: number,
  request: ListPoliciesRequest,
  context: OperationContext,
): Promise<Listed[]> {
  const records = await policies.list(context.tx, context.account, {
    after,
    limit,
    pathPrefix: request.PathPrefix,
    usedAs: usedAs(request),
  });
  return records.map((record) => ({ key: `local/${record.name}`, policy: listedPolicy(record) }));
}

async function awsPolicies(
  after: string | undefined,
  limit: number,
  request: ListPoliciesRequest,
  context: OperationContext,
): Promise<Listed[]> {
  const usage = await attachments.usage(context.tx, context.account);
  const found: Listed[] = [];
  for (const policy of context.environment.awsManaged.list(context.partition)) {
    if (found.length === limit) break;
    if (after !== undefined && policy.name <= after) continue;
    if (!policy.path.startsWith(request.PathPrefix ?? "/") || !isUsedAs(usedAs(request), usage.get(policy.arn)))
      continue;
    found.push({ key: `aws/${policy.name}`, policy: listedAwsPolicy(policy, usage.get(policy.arn)) });
  }
  return found;
}

/**
 * What a policy must be used as to be listed. PolicyUsageFilter counts with OnlyAttached alone (observed on AWS, September
 * 2026, radkawar/stackd captures); a policy that is only a boundary is not attached (API reference, ListPolicies).
 */
function usedAs({ OnlyAttached: only, PolicyUsageFilter: usage }: ListPoliciesRequest): PolicyUsageType | undefined {
  return only === true ? (usage ?? "PermissionsPolicy") : undefined;
}

function isUsedAs(wanted: PolicyUsageType | undefined, usage: PolicyUsage | undefined): boolean {
  if (wanted === undefined) return true;
  return usage !== undefined && (wanted === "PermissionsPolicy" ? usage.attachments : usage.boundaries) > 0;
}

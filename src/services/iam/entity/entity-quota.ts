import type { OperationContext } from "../../../operation/context.ts";
import type { Quotas } from "../../../operation/quotas.ts";
import * as quotas from "../../../store/iam/quotas.ts";
import { quotaExceeded } from "./faults.ts";

/** AWS's names of the quotas that count an account's entities: what its refusals say, and what the counters are kept under. */
const settings = {
  UsersPerAccount: "usersPerAccount",
  GroupsPerAccount: "groupsPerAccount",
  RolesPerAccount: "rolesPerAccount",
  PoliciesPerAccount: "policiesPerAccount",
} as const satisfies Record<string, keyof Quotas>;

export type EntityQuota = keyof typeof settings;

/**
 * Counts one entity more.
 *
 * @throws Fault LimitExceeded
 */
export async function takeQuota(name: EntityQuota, context: OperationContext): Promise<void> {
  const limit = context.environment.quotas[settings[name]];
  if (!(await quotas.take(context.tx, context.account, name, limit))) throw quotaExceeded(name, limit);
}

/** Counts one entity less, in the transaction that removes it. */
export async function releaseQuota(name: EntityQuota, context: OperationContext): Promise<void> {
  await quotas.release(context.tx, context.account, name);
}

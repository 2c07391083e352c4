import type { OperationContext } from "../../../operation/context.ts";
import { quotaExceeded } from "../entity/faults.ts";
import { tooManyThumbprints } from "./provider-faults.ts";

const mostThumbprints = 5;

/** Each once, in the order in which they came first (observed on AWS, September 2026). @throws Fault LimitExceeded */
export function checkedClientIds(given: readonly string[], { environment }: OperationContext): readonly string[] {
  const clientIds = [...new Set(given)];
  const limit = environment.quotas.clientIdsPerOpenIdConnectProvider;
  if (clientIds.length > limit) throw quotaExceeded("ClientIdsPerOpenIdConnectProvider", limit);
  return clientIds;
}

/**
 * In lower case; whether they are hexadecimal is not looked at, and what is given twice stays twice (observed on AWS,
 * September 2026).
 *
 * @throws Fault InvalidInput
 */
export function checkedThumbprints(given: readonly string[]): readonly string[] {
  if (given.length > mostThumbprints) throw tooManyThumbprints();
  return given.map((thumbprint) => thumbprint.toLowerCase());
}

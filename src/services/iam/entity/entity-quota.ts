import type { Fault } from "../../../contracts/fault.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { Conflict } from "../../../store/sql/errors.ts";
import { entityAlreadyExists, quotaExceeded } from "./faults.ts";
import { kinds } from "./kinds.ts";
import type { EntityQuota, NamedEntity } from "./kinds.ts";
import { unlessTaken } from "./taken-name.ts";

/**
 * What is made, unless its name is taken or the account has as many of its kind as it may.
 *
 * @param make the store counts what it makes, and makes no more than the limit
 * @throws Fault `taken`, LimitExceeded
 */
export async function made<T>(
  quota: EntityQuota,
  context: OperationContext,
  make: (limit: number) => Promise<T>,
  taken: () => Fault,
): Promise<T> {
  const limit = context.environment.quotas[quota];
  try {
    return await unlessTaken(make(limit), taken);
  } catch (error) {
    if (error instanceof Conflict && error.constraint === "quota") throw quotaExceeded(error.key, limit);
    throw error;
  }
}

/** The same for an entity that is named by its name. @throws Fault EntityAlreadyExists, LimitExceeded */
export function madeEntity<T>(
  kind: NamedEntity,
  name: string,
  context: OperationContext,
  make: (limit: number) => Promise<T>,
): Promise<T> {
  return made(kinds[kind].quota, context, make, () => entityAlreadyExists(kind, name));
}

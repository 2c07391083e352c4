import type { OperationContext } from "../../../operation/context.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import * as tags from "../../../store/iam/tags.ts";
import { Conflict } from "../../../store/sql/errors.ts";
import { deleteConflict } from "./faults.ts";
import { kinds } from "./kinds.ts";
import type { NamedEntity } from "./kinds.ts";

/**
 * Removes an entity with its tags, where nothing is in the way.
 *
 * @throws Fault DeleteConflict
 */
export async function removeEntity(kind: NamedEntity, entity: Ref, { tx }: OperationContext): Promise<void> {
  const { obstacles, records } = kinds[kind];
  const counts: Readonly<Record<string, Promise<number>>> = obstacles(tx, entity);
  // Asked together.
  const found = await Promise.all(Object.values(counts));
  const first = Object.keys(counts)[found.findIndex((count) => count > 0)];
  if (first !== undefined) throw deleteConflict(first);
  try {
    await Promise.all(["tags" in entity ? tags.removeAll(tx, entity) : undefined, records.remove(tx, entity)]);
  } catch (error) {
    // What refers to it and is no obstacle of its row: a user's keys that were lost with their master key.
    if (error instanceof Conflict && error.constraint === "dependents")
      throw deleteConflict("remove referenced objects");
    throw error;
  }
}

import type { Tag as WireTag } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { Tag } from "../../../store/iam/tags.ts";
import { invalidInput, tooManyTags } from "./faults.ts";

/**
 * The rules of tags. Keys are unique regardless of case and keep the case they were given (IAM User Guide, id_tags).
 */

/** Tags as requirements and the store have them. */
export function tagRecords(wire: readonly WireTag[] | undefined): readonly Tag[] {
  return wire === undefined ? [] : wire.map((tag) => ({ key: tag.Key, value: tag.Value }));
}

/**
 * Tags that a request may add to those an entity has already.
 *
 * @throws Fault InvalidInput for a key that is named twice or reserved, LimitExceeded
 */
export function checkedTags(
  wire: readonly WireTag[] | undefined,
  present: readonly Tag[],
  context: OperationContext,
): readonly Tag[] {
  const added = tagRecords(wire);
  const keys = new Set(added.map(keyOf));
  if (keys.size < added.length) {
    throw invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }
  for (const key of keys) {
    if (key.startsWith("aws:")) {
      throw invalidInput("aws: prefixed tag key names are not allowed for external use.");
    }
  }
  for (const tag of present) keys.add(keyOf(tag));
  if (keys.size > context.environment.quotas.tagsPerResource) throw tooManyTags();
  return added;
}

export function keyOf(tag: Tag): string {
  return tag.key.toLowerCase();
}

import type { Tag as WireTag } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { anyCase } from "../../../store/iam/tags.ts";
import type { Tag, TagKeys } from "../../../store/iam/tags.ts";
import { invalidInput, tooManyTags } from "./faults.ts";

/**
 * The rules of tags. Keys of users and roles are unique regardless of case, those of all else are told apart by it; all
 * keep the case they were given last (observed on AWS, September 2026).
 */

/** Tags as requirements and the store have them. */
export function tagRecords(wire: readonly WireTag[] | undefined): readonly Tag[] {
  return wire === undefined ? [] : wire.map((tag) => ({ key: tag.Key, value: tag.Value }));
}

/**
 * Tags that a request may add to those an entity has already.
 *
 * @param keys how those of its kind are told apart
 * @throws Fault InvalidInput for a key that is named twice or reserved, LimitExceeded
 */
export function checkedTags(
  wire: readonly WireTag[] | undefined,
  present: readonly Tag[],
  keys: TagKeys,
  context: OperationContext,
): readonly Tag[] {
  const added = tagRecords(wire);
  const all = new Set(added.map(({ key }) => keys(key)));
  if (all.size < added.length) {
    const note = keys === anyCase ? " Please note that Tag keys are case insensitive." : "";
    throw invalidInput(`Duplicate tag keys found.${note}`);
  }
  if (added.some(({ key }) => /^aws:/i.test(key))) {
    throw invalidInput("Tag keys beginning with aws: are reserved for system use.");
  }
  for (const { key } of present) all.add(keys(key));
  if (all.size > context.environment.quotas.tagsPerResource) throw tooManyTags();
  return added;
}

import type { Requirement } from "../../../authorization/requirement.ts";
import type { Tag as WireTag } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { Declaration } from "../../../operation/operation.ts";
import { atHand } from "../../../operation/page.ts";
import type { ListPage, PagedName, PageRequest } from "../../../operation/page.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import type { Tag } from "../../../store/iam/tags.ts";
import * as tags from "../../../store/iam/tags.ts";
import { describedTag } from "./describe.ts";
import { invalidInput, tooManyTags } from "./faults.ts";
import { pages } from "./paging.ts";

/**
 * The rules of tags, and the three operations (Tag, Untag, List…Tags) that IAM has over every kind of resource. Keys
 * are unique regardless of case and keep the case they were given (IAM User Guide, id_tags).
 */

/** What a tag operation is about. */
export interface TagTarget {
  /** Who owns the tags; asked for only once it may be. @throws Fault for an owner that is missing or not the caller's */
  readonly owner: () => Ref & { readonly tags: readonly Tag[] };
  readonly requirement: Omit<Requirement, "action">;
}

type FindTarget<I> = (input: I, context: OperationContext) => Promise<TagTarget>;
type Nothing = Readonly<Record<string, never>>;

/** @param N how the operation names what it tags */
export function tagging<N>(
  action: string,
  find: FindTarget<N>,
): Declaration<N & { readonly Tags: readonly WireTag[] }, Nothing, TagTarget> {
  return {
    writes: true,
    load: find,
    authorize: (input, { requirement }) => [{ ...requirement, action, requestTags: tagRecords(input.Tags) }],
    handle: async (input, target, context) => {
      const owner = target.owner();
      await tags.put(context.tx, owner, checkedTags(input.Tags, owner.tags, context));
      return {};
    },
  };
}

export function untagging<N>(
  action: string,
  find: FindTarget<N>,
): Declaration<N & { readonly TagKeys: readonly string[] }, Nothing, TagTarget> {
  return {
    writes: true,
    load: find,
    authorize: (input, { requirement }) => [{ ...requirement, action, tagKeys: input.TagKeys }],
    handle: async (input, target, context) => {
      await tags.remove(context.tx, target.owner(), input.TagKeys);
      return {};
    },
  };
}

type Listing = Extract<PagedName<"iam">, `List${string}Tags`>;

export function tagListing<N>(
  operationName: Listing,
  find: FindTarget<N>,
): Declaration<N & PageRequest<"iam", Listing>, ListPage<"iam", Listing>, TagTarget> {
  return {
    writes: false,
    load: find,
    authorize: (_, { requirement }) => [{ ...requirement, action: `iam:${operationName}` }],
    handle: (input, target) =>
      pages.list(operationName, input, { ...atHand(target.owner().tags, keyOf), show: describedTag }),
  };
}

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

function keyOf(tag: Tag): string {
  return tag.key.toLowerCase();
}

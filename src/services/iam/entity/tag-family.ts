import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { atHand } from "../../../operation/page.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import type { Tag, TagKeys } from "../../../store/iam/tags.ts";
import * as tags from "../../../store/iam/tags.ts";
import { describedTag } from "./describe.ts";
import { existing, find, requirementOn } from "./entity-names.ts";
import type { Found } from "./entity-names.ts";
import { familyOf } from "./family.ts";
import { iamFault } from "./faults.ts";
import type { InputIn, TitlesOf } from "./family.ts";
import type { EntityRecord, NamedEntity, RecordOfKind } from "./kinds.ts";
import { pages } from "./paging.ts";
import { checkedTags, tagRecords } from "./tag.ts";

/** The three operations that IAM has over the tags of every kind of thing that can be tagged. */
type Patterns = "Tag*" | "Untag*" | "List*Tags";
const operationOf = familyOf<Patterns>();

/** What a tag operation is about. */
export interface TagTarget {
  /** Who owns the tags; asked for only once it may be. @throws Fault for an owner that is missing or not the caller's */
  readonly owner: () => Ref & { readonly tags: readonly Tag[] };
  readonly requirement: Omit<Requirement, "action">;
}

type TaggedRecord = EntityRecord & Ref & { readonly tags: readonly Tag[] };
/** Kinds of named entity that keep tags. */
type TaggedKind = { [K in NamedEntity]: RecordOfKind<K> extends TaggedRecord ? K : never }[NamedEntity];

interface Targets<Member> {
  /** The member by which the operations name their target. */
  readonly by: Member;
  /** How the keys of its tags are told apart. */
  readonly keys: TagKeys;
  readonly find: (named: string, context: OperationContext) => Promise<TagTarget>;
  /** Whether Untag refuses a list without keys, which it takes for most. */
  readonly untagNeedsKeys?: true;
  /** In which words of its own an empty list is refused, of keys too. */
  readonly empty?: { readonly tags: string; readonly keys: string };
  /** Where more can be read than changed. */
  readonly findToRead?: (named: string, context: OperationContext) => Promise<TagTarget>;
}

export function tagOperations<T extends TitlesOf<Patterns>>(
  title: T,
  {
    by,
    keys,
    untagNeedsKeys,
    empty,
    find: findToChange,
    findToRead = findToChange,
  }: Targets<keyof InputIn<Patterns, T> & string>,
) {
  const named = (input: object): string => (input as Readonly<Record<string, string>>)[by]!;
  return {
    ...operationOf(title, "Tag*", (name) => ({
      writes: true,
      load: (input, context) => findToChange(named(input), context),
      authorize: (input, { requirement }) => [
        { ...requirement, action: `iam:${name}`, requestTags: tagRecords(input.Tags) },
      ],
      handle: async (input, target, context) => {
        const owner = target.owner();
        requireSome(input.Tags, empty?.tags);
        await tags.put(context.tx, owner, checkedTags(input.Tags, owner.tags, keys, context), keys);
        return {};
      },
    })),
    ...operationOf(title, "Untag*", (name) => ({
      writes: true,
      load: (input, context) => findToChange(named(input), context),
      authorize: (input, { requirement }) => [{ ...requirement, action: `iam:${name}`, tagKeys: input.TagKeys }],
      handle: async (input, target, context) => {
        const owner = target.owner();
        if (untagNeedsKeys === true || empty !== undefined) requireSome(input.TagKeys, empty?.keys);
        await tags.remove(context.tx, owner, input.TagKeys, keys);
        return {};
      },
    })),
    ...operationOf(title, "List*Tags", (name) => ({
      writes: false,
      load: (input, context) => findToRead(named(input), context),
      authorize: (_, { requirement }) => [{ ...requirement, action: `iam:${name}` }],
      handle: (input, target) =>
        pages.list(name, input, { ...atHand(target.owner().tags, ({ key }) => keys(key)), show: describedTag }),
    })),
  };
}

/**
 * In AWS's words, with the blank at their end (TagUser; radkawar/stackd captures, September 2026). Where Untag refuses,
 * too, the code was observed and the words are by analogy.
 */
function requireSome(given: readonly unknown[], words = "Error occurred while validating input. "): void {
  if (given.length === 0) throw iamFault("InvalidInput", words);
}

/** What an entity's name is to the operations on its tags. */
export function taggedEntity(kind: TaggedKind): (name: string, context: OperationContext) => Promise<TagTarget> {
  return async (name, context) => {
    const found: Found<TaggedRecord> = await find(kind, name, context);
    return { owner: () => existing(found), requirement: requirementOn("", found, context) };
  };
}

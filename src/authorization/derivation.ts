/** From a table of how each key is derived to the entries of a context: names are folded once, when the server starts. */
import { contextKeys, foldedName } from "../policy/context-key.ts";
import type {
  ContextKey,
  ContextKeyFrom,
  ContextSource,
  ContextValues,
  KeyOfServices,
  TagContextKey,
  ValueOf,
} from "../policy/context-key.ts";
import { foldName } from "../policy/name.ts";
import type { ContextValue } from "../policy/types.ts";
import type { Tag } from "../session/actor.ts";

/** Keys of a source for which rolecall has a value of its own. */
export type DerivedKey<S extends ContextSource> = Exclude<ContextKeyFrom<S>, KeyOfServices>;

/** How each key is found in what is known; undefined leaves it out. A key without a row here does not compile. */
export type Derivations<K extends ContextKey, F> = {
  readonly [N in K]: (facts: F) => (N extends TagContextKey ? readonly Tag[] : ValueOf<N>) | undefined;
};

type Entries = Map<string, ContextValue>;

/** Adds what there is to a context. */
export function deriving<K extends ContextKey, F>(
  derivations: Derivations<K, F>,
): (context: Entries, facts: F) => void {
  const values: (readonly [string, (facts: F) => ContextValue | undefined])[] = [];
  const tags: (readonly [string, (facts: F) => readonly Tag[] | undefined])[] = [];
  for (const key of Object.keys(derivations) as K[]) {
    const derivation = derivations[key] as (facts: F) => never;
    (key.endsWith("/${TagKey}") ? tags : values).push([foldedName(key), derivation]);
  }
  return (context, facts) => {
    for (const [name, valueOf] of values) {
      const value = valueOf(facts);
      if (value !== undefined) context.set(name, value);
    }
    for (const [prefix, tagsOf] of tags) {
      for (const { key, value } of tagsOf(facts) ?? []) context.set(prefix + foldName(key), value);
    }
  };
}

/** Names of all keys as they are compared: those of an operation come with each request. */
const foldedNames: Partial<Record<string, string>> = Object.fromEntries(
  (Object.keys(contextKeys) as ContextKey[]).map((key) => [key, foldedName(key)]),
);

/** Adds keys whose values are there already. */
export function addValues<K extends Exclude<ContextKey, TagContextKey>>(
  context: Entries,
  values: ContextValues<K>,
): void {
  for (const key in values) {
    const value = values[key] as ContextValue | undefined;
    if (value !== undefined) context.set(foldedNames[key]!, value);
  }
}

import type { Context, ContextValue } from "../policy/types.ts";

/** Values by folded name. */
export type ContextEntries = ReadonlyMap<string, ContextValue>;

/**
 * The context of one requirement, in two layers: what a caller brings to all its requests is made once and kept
 * (`base`), and the request's own keys lie over it.
 */
export class RequestContext implements Context {
  readonly base: ContextEntries;
  readonly own: ContextEntries;

  constructor(base: ContextEntries, own: ContextEntries) {
    this.base = base;
    this.own = own;
  }

  get(lowerCasedKey: string): ContextValue | undefined {
    return this.own.get(lowerCasedKey) ?? this.base.get(lowerCasedKey);
  }

  *entries(): Iterable<[string, ContextValue]> {
    for (const entry of this.base) if (!this.own.has(entry[0])) yield entry;
    yield* this.own;
  }
}

import { LRUCache } from "lru-cache";

/** How often an issuer is asked again for a key that it did not have: so many times at once, then once in so long. */
const atOnce = 5;
const interval = 10_000;
/** Issuers that are remembered. */
const most = 10_000;

/**
 * How often an issuer is asked for keys that it did not have a moment ago. A rotation is seen with the first token that
 * names the new key; tokens with invented ids cost an issuer one question in ten seconds.
 */
export class RefetchAllowance {
  readonly #left = new LRUCache<string, { readonly left: number; readonly at: number }>({ max: most });

  /** @param now milliseconds of a clock that is never set */
  take(issuer: string, now: number): boolean {
    const before = this.#left.get(issuer) ?? { left: atOnce, at: now };
    const left = Math.min(atOnce, before.left + (now - before.at) / interval);
    const taken = left >= 1;
    this.#left.set(issuer, { left: taken ? left - 1 : left, at: now });
    return taken;
  }
}

import { LRUCache } from "lru-cache";

import { payerOf } from "../session/actor.ts";
import type { Actor } from "../session/actor.ts";

/** How many requests each may send; 0 sets no limit. */
export interface RateLimitSettings {
  /** Requests a second of one account, all its callers together. */
  readonly perAccount: number;
  /** Requests a second of one user, role (all its sessions together) or root. */
  readonly perPrincipal: number;
  /** Requests a second of one address whose proof is costly to verify, before it is looked at. */
  readonly unverifiedPerSource: number;
  /** The same about one account, from all addresses together. */
  readonly unverifiedPerAccount: number;
  /** For how many seconds' worth a caller that was quiet may send at once. */
  readonly burstSeconds: number;
}

export const noRateLimits: RateLimitSettings = {
  perAccount: 0,
  perPrincipal: 0,
  unverifiedPerSource: 0,
  unverifiedPerAccount: 0,
  burstSeconds: 2,
};

/** Buckets kept at once (about 100 bytes each). */
const bucketLimit = 50_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was right, milliseconds since the epoch. */
  at: number;
}

/** Token buckets by key. The one that was untouched for the longest goes first: it is the most likely to be full. */
export class TokenBuckets {
  readonly #perMillisecond: number;
  readonly #capacity: number;
  readonly #buckets: LRUCache<string, Bucket>;

  /** @param limit buckets kept at once */
  constructor(perSecond: number, burstSeconds: number, limit: number = bucketLimit) {
    this.#perMillisecond = perSecond / 1000;
    this.#capacity = Math.max(1, perSecond * burstSeconds);
    this.#buckets = new LRUCache({ maxSize: limit, sizeCalculation: () => 1 });
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes one token if there is one.
   *
   * @param now milliseconds since the epoch; a clock that was set back fills nothing
   */
  take(key: string, now: number): boolean {
    const bucket = this.#touch(key, now);
    const passed = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(this.#capacity, bucket.tokens + passed * this.#perMillisecond);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  /** Puts one back that was taken for a request that was then refused. */
  giveBack(key: string): void {
    const bucket = this.#buckets.peek(key);
    if (bucket !== undefined) bucket.tokens = Math.min(this.#capacity, bucket.tokens + 1);
  }

  #touch(key: string, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const bucket = { tokens: this.#capacity, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/**
 * How often a wrong secret may be shown to rolecall:Authenticate for one name: ten times, and then once in six seconds.
 * The secrets are 360 random bits; what this keeps small is the work and the trail.
 */
export function failedAttempts(): TokenBuckets {
  return new TokenBuckets(1 / 6, 60);
}

/**
 * The limits of one server process. For what a caller may do only authenticated ones are counted, so nobody can use up
 * what is another's by claiming to be them. What is to be verified is counted before: by address first, so that it takes
 * several to use up what may be verified about an account.
 */
export class RateLimits {
  readonly #accounts: TokenBuckets | null;
  readonly #principals: TokenBuckets | null;
  readonly #sources: TokenBuckets | null;
  readonly #claimed: TokenBuckets | null;
  /** Requests turned away, by what was used up. */
  readonly turnedAway = { account: 0, principal: 0, source: 0, claimed: 0 };

  constructor(settings: RateLimitSettings) {
    const buckets = (perSecond: number): TokenBuckets | null =>
      perSecond === 0 ? null : new TokenBuckets(perSecond, settings.burstSeconds);
    this.#accounts = buckets(settings.perAccount);
    this.#principals = buckets(settings.perPrincipal);
    this.#sources = buckets(settings.unverifiedPerSource);
    this.#claimed = buckets(settings.unverifiedPerAccount);
  }

  get enabled(): boolean {
    return this.#accounts !== null || this.#principals !== null;
  }

  /** @param now milliseconds since the epoch */
  take(caller: Actor, now: number): boolean {
    const principal = payerOf(caller);
    if (this.#principals !== null && !this.#principals.take(principal, now)) {
      this.turnedAway.principal++;
      return false;
    }
    if (this.#accounts !== null && !this.#accounts.take(caller.account, now)) {
      this.#principals?.giveBack(principal);
      this.turnedAway.account++;
      return false;
    }
    return true;
  }

  /** @param address IPv4, or IPv6, of which a whole network of 64 bits counts as one: who has one address has them all */
  takeSource(address: string, now: number): boolean {
    if (this.#sources === null || this.#sources.take(networkOf(address), now)) return true;
    this.turnedAway.source++;
    return false;
  }

  /** @param account as claimed; all that name none share a limit */
  takeClaimed(account: string, now: number): boolean {
    if (this.#claimed === null || this.#claimed.take(account, now)) return true;
    this.turnedAway.claimed++;
    return false;
  }
}

/** What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [before = "", after] = address.split("::");
  const groups = before === "" ? [] : before.split(":");
  // What `::` stands for are zeros; beyond the first four groups nothing matters.
  if (after !== undefined)
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - after.split(":").length)).fill("0"));
  return groups.slice(0, 4).join(":");
}

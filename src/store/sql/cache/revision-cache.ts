import type { Tx } from "../database.ts";
import type { Domain } from "../domain.ts";
import { after } from "../eventual.ts";
import type { Eventual } from "../eventual.ts";
import { sameRevision } from "../revision.ts";
import type { Revision } from "../revision.ts";
import { SizedCache } from "./sized-cache.ts";
import type { CacheWatch } from "./sized-cache.ts";

/**
 * A bounded cache of what was read from a domain, good for exactly one revision of it. Every write raises the revision,
 * so a change holds for the next request without anything being sent around.
 *
 * A write transaction reads the cache but never fills it: what it sees may still be rolled back.
 */
export class RevisionCache<V> {
  readonly #entries: SizedCache<{ readonly revision: Revision; readonly value: V }>;
  hits = 0;
  misses = 0;

  /** As SizedCache's. */
  constructor(maxBytes: number, sizeOf: (value: V) => number, watch?: CacheWatch<V>) {
    this.#entries = new SizedCache(
      maxBytes,
      ({ value }) => sizeOf(value),
      watch && { came: ({ value }) => watch.came(value), gone: ({ value }) => watch.gone(value) },
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  /** As they are estimated. */
  get bytes(): number {
    return this.#entries.bytes;
  }

  /**
   * The cached value if it is of the domain's present revision, else what `load` reads in the same snapshot. A hit is
   * there at once where the revision is.
   */
  get(tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Eventual<V> {
    const revision = tx.revision(domain);
    return revision instanceof Promise
      ? after(revision, (known) => this.#at(known, tx, domain, key, load))
      : this.#at(revision, tx, domain, key, load);
  }

  #at(revision: Revision, tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Eventual<V> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && sameRevision(entry.revision, revision)) {
      this.hits++;
      return entry.value;
    }
    this.misses++;
    return this.#load(tx, domain, key, load);
  }

  async #load(tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Promise<V> {
    const value = await load(tx);
    if (!tx.writable) this.#entries.set(key, { revision: await tx.revisionRead(domain), value });
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** As SizedCache.drop. */
  drop(): boolean {
    return this.#entries.drop();
  }
}

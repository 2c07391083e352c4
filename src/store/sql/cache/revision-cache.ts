import type { AccountChangeKind, Change, ChangeKind, OrganizationChangeKind } from "../change.ts";
import type { Tx } from "../database.ts";
import type { Domain } from "../domain.ts";
import type { Eventual } from "../eventual.ts";
import { mostSteps } from "../own-commits.ts";
import { sameRevision } from "../revision.ts";
import type { Revision } from "../revision.ts";
import { SizedCache } from "./sized-cache.ts";
import type { CacheWatch } from "./sized-cache.ts";

/** Of a kind of changes: none matters to an entry, those of its own subjects do, or all. */
type Extent = "none" | "own" | "all";

/**
 * Which changes of its domain an entry depends on. A record of every kind that there is in an account, or in an
 * organization, so that a new one does not compile until each cache says what it is to it.
 */
export interface Dependence<V> {
  readonly on: Readonly<Record<AccountChangeKind, Extent>> | Readonly<Record<OrganizationChangeKind, Extent>>;
  /** Ids that an entry is about; null where it is about what is not there, and any change of such a kind may make it. */
  readonly subjects: (key: string, value: V) => readonly string[] | null;
}

interface Options<V> {
  /** Where it is not said, an entry depends on everything. */
  readonly dependence?: Dependence<V>;
  readonly watch?: CacheWatch<V>;
}

interface Entry<V> {
  revision: Revision;
  readonly value: V;
}

/**
 * A bounded cache of what was read from a domain, good for one revision of it. Every write raises the revision, so a
 * change holds for the next request without anything being sent around. Across this process's own commits an entry is
 * carried that none of them touches (own-commits.ts).
 *
 * A write transaction reads the cache but never fills it: what it sees may still be rolled back.
 */
export class RevisionCache<V> {
  readonly #entries: SizedCache<Entry<V>>;
  readonly #dependence: Dependence<V> | undefined;
  readonly #loading = new Map<string, { readonly tx: Tx; readonly value: Promise<V> }>();
  hits = 0;
  misses = 0;

  /** As SizedCache's. */
  constructor(maxBytes: number, sizeOf: (value: V) => number, { dependence, watch }: Options<V> = {}) {
    this.#dependence = dependence;
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
      ? revision.then((known) => this.#at(known, tx, domain, key, load))
      : this.#at(revision, tx, domain, key, load);
  }

  #at(revision: Revision, tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Eventual<V> {
    const entry = this.#entries.get(key);
    if (
      entry !== undefined &&
      (sameRevision(entry.revision, revision) || this.#carries(entry, tx, domain, key, revision))
    ) {
      this.hits++;
      return entry.value;
    }
    this.misses++;
    return this.#load(tx, domain, key, load);
  }

  /** Who asks while it is being read in the same transaction waits for the same answer. */
  #load(tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Promise<V> {
    const pending = this.#loading.get(key);
    if (pending !== undefined && pending.tx === tx) return pending.value;
    const value = this.#read(tx, domain, key, load).finally(() => {
      if (this.#loading.get(key)?.value === value) this.#loading.delete(key);
    });
    this.#loading.set(key, { tx, value });
    return value;
  }

  async #read(tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Promise<V> {
    const value = await load(tx);
    if (!tx.writable) this.#entries.set(key, { revision: await tx.revisionRead(domain), value });
    return value;
  }

  /** Whether an entry is good at a later revision as well. */
  #carries(entry: Entry<V>, tx: Tx, domain: Domain, key: string, to: Revision): boolean {
    if (this.#dependence === undefined) return false;
    const { subjects } = this.#dependence;
    const on: Readonly<Partial<Record<ChangeKind, Extent>>> = this.#dependence.on;
    const own = subjects(key, entry.value);
    const touches = ({ kind, id }: Change): boolean => {
      // A kind that its domain does not have touches everything.
      const extent = on[kind] ?? "all";
      return extent === "all" || (extent === "own" && (own === null || own.includes(id)));
    };
    if (!tx.ownCommits.leave(domain, entry.revision, to, touches)) return false;
    // Not at once: requests that asked for the revision a little earlier may still come. And not by a write, whose revision
    // may be one that is not committed.
    if (!tx.writable && to.number - entry.revision.number > mostSteps / 2) entry.revision = to;
    return true;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** As SizedCache.drop. */
  drop(): boolean {
    return this.#entries.drop();
  }
}

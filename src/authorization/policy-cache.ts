import { memoryOf } from "../policy/engine/compiled.ts";
import type { CompiledPolicy } from "../policy/types.ts";
import type { Tx } from "../store/sql/database.ts";
import type { Domain } from "../store/sql/domain.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { RevisionCache } from "../store/sql/cache/revision-cache.ts";
import type { Dependence } from "../store/sql/cache/revision-cache.ts";

/**
 * Compiled policies by whom they speak for. Policies of one text share what they were compiled to, however many roles
 * have them: it is counted once, for as long as anybody here holds it.
 */
export class PolicyCache<V> {
  readonly #entries: RevisionCache<V>;
  readonly #policiesOf: (value: V) => readonly CompiledPolicy[];
  readonly #maxShared: number;
  /** How many entries hold each. */
  readonly #holders = new Map<{ readonly bytes: number }, number>();
  #shared = 0;

  /** @param maxBytes of which what is shared may be three quarters */
  constructor(maxBytes: number, policiesOf: (value: V) => readonly CompiledPolicy[], dependence: Dependence<V>) {
    this.#policiesOf = policiesOf;
    this.#maxShared = (maxBytes * 3) / 4;
    this.#entries = new RevisionCache<V>(maxBytes / 4, (value) => this.#ownBytes(value), {
      dependence,
      watch: { came: (value) => this.#hold(value), gone: (value) => this.#letGo(value) },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get hits(): number {
    return this.#entries.hits;
  }

  get misses(): number {
    return this.#entries.misses;
  }

  /** As they are estimated. */
  get bytes(): number {
    return this.#entries.bytes + this.#shared;
  }

  /** As RevisionCache.get. */
  get(tx: Tx, domain: Domain, key: string, load: (tx: Tx) => Promise<V>): Eventual<V> {
    return this.#entries.get(tx, domain, key, load);
  }

  /** Infinite for one that would leave no room for others. */
  #ownBytes(value: V): number {
    let own = 0;
    let shared = 0;
    for (const memory of this.#policiesOf(value).map(memoryOf)) {
      own += memory.own;
      shared += memory.shared.bytes;
    }
    return shared > this.#maxShared / 2 ? Infinity : own;
  }

  #hold(value: V): void {
    for (const { shared } of this.#policiesOf(value).map(memoryOf)) {
      const holders = this.#holders.get(shared) ?? 0;
      if (holders === 0) this.#shared += shared.bytes;
      this.#holders.set(shared, holders + 1);
    }
    while (this.#shared > this.#maxShared && this.#entries.drop());
  }

  #letGo(value: V): void {
    for (const { shared } of this.#policiesOf(value).map(memoryOf)) {
      const holders = this.#holders.get(shared)! - 1;
      if (holders > 0) this.#holders.set(shared, holders);
      else {
        this.#holders.delete(shared);
        this.#shared -= shared.bytes;
      }
    }
  }
}

import * as accessKeys from "../store/iam/access-keys.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as keyRings from "../store/server/key-rings.ts";
import * as roles from "../store/iam/roles.ts";

/** Uses that one transaction writes: requests go on between two of them. */
const partSize = 50;

function* partsOf<T>(uses: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < uses.length; at += partSize) yield uses.slice(at, at + partSize);
}

interface UseFacts {
  readonly now: number;
  readonly region: string;
}

/** Uses are written at most this long after they happen (milliseconds); AWS takes up to hours. */
const writeInterval = 5000;

/**
 * When keys and roles were last used, and how often ring keys have sealed. Kept in memory and written in batches: the hot
 * path writes nothing for it, and a crash loses seconds of a value that is only ever approximate.
 */
export class Usage {
  readonly #database: Database;
  readonly #rings: readonly KeyRing[];
  readonly #onError: (error: unknown) => void;
  #keys = new Map<string, { id: string; account: string; at: number; region: string; service: string }>();
  #roles = new Map<string, { id: string; account: string; at: number; region: string }>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(database: Database, rings: readonly KeyRing[], onError: (error: unknown) => void) {
    this.#database = database;
    this.#rings = rings;
    this.#onError = onError;
  }

  keyUsed(id: string, account: string, service: string, facts: UseFacts): void {
    this.#keys.set(id, { id, account, at: facts.now, region: facts.region, service });
    this.#schedule();
  }

  roleUsed(role: { readonly id: string; readonly account: string }, facts: UseFacts): void {
    this.#roles.set(role.id, { id: role.id, account: role.account, at: facts.now, region: facts.region });
    this.#schedule();
  }

  /** Everything used so far is written when this resolves, also what an earlier call is still at. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const keys = [...this.#keys.values()];
    const used = [...this.#roles.values()];
    this.#keys = new Map();
    this.#roles = new Map();
    try {
      await this.#writeSeals();
      for (const part of partsOf(keys)) await this.#database.write((tx) => accessKeys.recordLastUsed(tx, part));
      for (const part of partsOf(used)) await this.#database.write((tx) => roles.recordLastUsed(tx, part));
    } catch (error) {
      this.#onError(error);
    }
  }

  /** What could not be written is counted with the next: a key must not seal more often than it may. */
  async #writeSeals(): Promise<void> {
    const seals = this.#rings.flatMap((ring) => [...ring.takeUnrecorded()].map(([id, more]) => ({ ring, id, more })));
    if (seals.length === 0) return;
    const add = async (tx: Tx): Promise<void> => {
      for (const { ring, id, more } of seals) await keyRings.addSeals(tx, ring.purpose, id, more);
    };
    try {
      await this.#database.write(add);
    } catch (error) {
      for (const { ring, id, more } of seals) ring.giveBackUnrecorded(id, more);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.write();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.write();
    }, writeInterval);
    this.#timer.unref();
  }
}

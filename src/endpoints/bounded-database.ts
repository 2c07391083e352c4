import type { Database, Tx, WriteOptions } from "../store/database.ts";
import { Unavailable } from "../store/errors.ts";
import { Overload } from "./api/overload.ts";

/** Told of every transaction that a request made. */
export interface StoreObserver {
  /** @param ms from asking to the answer, waiting included */
  transaction(kind: "read" | "write", ms: number, error: unknown): void;
}

/**
 * The database as requests see it: a bounded number of transactions is under way or waiting, and one more is turned
 * away at once. A store that became slow then costs its clients a quick 503 instead of the server its memory.
 * What the server does for itself (trail, rings, usage) goes past this gate.
 */
export class BoundedDatabase implements Database {
  readonly #database: Database;
  readonly #limit: number;
  readonly #observer: StoreObserver | null;
  #pending = 0;
  #turnedAway = 0;
  #failedWrites = 0;

  /** @param limit transactions at once */
  constructor(database: Database, limit: number, observer: StoreObserver | null) {
    this.#database = database;
    this.#limit = limit;
    this.#observer = observer;
  }

  get dialect(): Database["dialect"] {
    return this.#database.dialect;
  }

  /** Transactions under way or waiting. */
  get pending(): number {
    return this.#pending;
  }

  /** Transactions that were refused because too many were pending. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** Writes that the store could not make. */
  get failedWrites(): number {
    return this.#failedWrites;
  }

  /** @throws Overload, and as Database.read */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#admit();
    if (this.#observer !== null) return this.#observed("read", this.#observer, () => this.#database.read(work));
    try {
      return await this.#database.read(work);
    } finally {
      this.#pending--;
    }
  }

  /** @throws Overload, and as Database.write */
  async write<T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions): Promise<T> {
    this.#admit();
    const run = () => this.#database.write(work, options);
    try {
      if (this.#observer !== null) return await this.#observed("write", this.#observer, run);
      return await run().finally(() => this.#pending--);
    } catch (error) {
      if (error instanceof Unavailable) this.#failedWrites++;
      throw error;
    }
  }

  revision(account: string): number | Promise<number> {
    return this.#database.revision(account);
  }

  revisions(accounts: readonly string[]): ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>> {
    return this.#database.revisions(accounts);
  }

  health(): Promise<void> {
    return this.#database.health();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #admit(): void {
    if (this.#pending >= this.#limit) {
      this.#turnedAway++;
      throw new Overload("too many transactions wait for the store");
    }
    this.#pending++;
  }

  async #observed<T>(kind: "read" | "write", observer: StoreObserver, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    let error: unknown = null;
    try {
      return await run();
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      this.#pending--;
      observer.transaction(kind, performance.now() - start, error);
    }
  }
}

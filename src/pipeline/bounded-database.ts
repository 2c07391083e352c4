import type { Database, GlanceOptions, Tx, WriteOptions } from "../store/sql/database.ts";
import type { Domain } from "../store/sql/domain.ts";
import { Contention, Unavailable } from "../store/sql/errors.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import type { Revision } from "../store/sql/revision.ts";
import { Overload } from "../http/overload.ts";

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
  #writing = 0;
  /** When a write last went well, or the first of those that are under way began. */
  #writesFlowed = 0;

  /** @param limit transactions at once */
  constructor(database: Database, limit: number, observer: StoreObserver | null) {
    this.#database = database;
    this.#limit = limit;
    this.#observer = observer;
  }

  get dialect(): Database["dialect"] {
    return this.#database.dialect;
  }

  get shared(): boolean {
    return this.#database.shared;
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

  /** Milliseconds for which writes have waited and none went well. A long line that moves does not count. */
  get stalledMs(): number {
    return this.#writing === 0 ? 0 : performance.now() - this.#writesFlowed;
  }

  /** @throws Overload, and as Database.read */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#pending >= this.#limit) return this.#turnAway();
    this.#pending++;
    const result = this.#database.read(work);
    // The caller has the database's own promise: the gate costs it no turn.
    if (this.#observer === null) result.then(this.#readEnded, this.#readEnded);
    else this.#observe("read", result, this.#observer);
    return result;
  }

  /** @throws Overload, and as Database.glance */
  glance<T>(work: (tx: Tx) => Eventual<T>, options?: GlanceOptions): Eventual<T> {
    if (this.#pending >= this.#limit) return this.#turnAway();
    this.#pending++;
    const start = this.#observer === null ? 0 : performance.now();
    let result: Eventual<T>;
    try {
      result = this.#database.glance(work, options);
    } catch (error) {
      this.#pending--;
      this.#observer?.transaction("read", performance.now() - start, error);
      throw error;
    }
    if (result instanceof Promise) {
      if (this.#observer === null) result.then(this.#readEnded, this.#readEnded);
      else this.#observe("read", result, this.#observer);
    } else {
      this.#pending--;
      this.#observer?.transaction("read", performance.now() - start, null);
    }
    return result;
  }

  /** @throws Overload, and as Database.write */
  write<T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions): Promise<T> {
    if (this.#pending >= this.#limit) return this.#turnAway();
    this.#pending++;
    if (this.#writing++ === 0) this.#writesFlowed = performance.now();
    const result = this.#database.write(work, options);
    this.#observe("write", result, this.#observer);
    return result;
  }

  revision(domain: Domain): Eventual<Revision> {
    return this.#database.revision(domain);
  }

  revisions(domains: readonly Domain[]): Eventual<ReadonlyMap<Domain, Revision>> {
    return this.#database.revisions(domains);
  }

  health(): Promise<void> {
    return this.#database.health();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  readonly #readEnded = (): void => {
    this.#pending--;
  };

  #turnAway(): Promise<never> {
    this.#turnedAway++;
    return Promise.reject(new Overload("too many transactions wait for the store"));
  }

  #wrote(error: unknown): void {
    this.#writing--;
    if (error instanceof Unavailable || error instanceof Contention) this.#failedWrites++;
    else this.#writesFlowed = performance.now();
  }

  #observe(kind: "read" | "write", result: Promise<unknown>, observer: StoreObserver | null): void {
    const start = observer === null ? 0 : performance.now();
    const ended = (error: unknown): void => {
      this.#pending--;
      if (kind === "write") this.#wrote(error);
      observer?.transaction(kind, performance.now() - start, error);
    };
    result.then(() => ended(null), ended);
  }
}

import type { Clock } from "../../clock/clock.ts";
import type { Change } from "./change.ts";
import type { Domain } from "./domain.ts";
import type { Eventual } from "./eventual.ts";
import type { OwnCommits } from "./own-commits.ts";
import type { Revision } from "./revision.ts";

export type Dialect = "sqlite" | "postgresql";

/** A value that both databases take: no booleans (0 and 1 instead), no dates (milliseconds). */
export type Value = string | number | Uint8Array | null;
export type Row = Record<string, unknown>;

/** A statement compiled once; `name` is its name on a PostgreSQL connection. */
export interface Statement {
  readonly name: string;
  readonly sql: string;
  /** Its first rows may be kept, by its one parameter, where it is known that nothing was written since. */
  readonly kept?: boolean;
}

/** One open transaction of a dialect. SQLite answers at once, PostgreSQL with a promise. */
export interface Connection {
  readonly dialect: Dialect;
  all(statement: Statement, values: readonly Value[]): Row[] | Promise<Row[]>;
  one(statement: Statement, values: readonly Value[]): Row | undefined | Promise<Row | undefined>;
  /** Answers the number of rows written. */
  run(statement: Statement, values: readonly Value[]): number | Promise<number>;
}

export const connection: unique symbol = Symbol("connection");
export const pending: unique symbol = Symbol("pending changes");
export const failure: unique symbol = Symbol("failure");
export const deferred: unique symbol = Symbol("deferred statements");
export const clock: unique symbol = Symbol("clock");

/** A transaction as callers see it; the rest is for store/ alone. */
export interface Tx {
  readonly writable: boolean;
  /**
   * The domain's revision in this snapshot; `noRevision` for one that does not exist. Asked before anything was read, it
   * may be older than the snapshot, never newer: what is cached under it may be used.
   */
  revision(domain: Domain): Eventual<Revision>;
  /**
   * The same once something was read, and exactly that of the snapshot: what was read may be cached under it. An older
   * one would not do, because changes can be lost: the older one then comes back, and with it what never was its own.
   */
  revisionRead(domain: Domain): Eventual<Revision>;
  /** What happened in between, as far as it is known here: an entry of a cache may be good for more than one revision. */
  readonly ownCommits: OwnCommits;
  readonly [connection]: Connection;
  readonly [pending]: Change[];
  /** Statements whose outcome nobody waits for but the commit. */
  readonly [deferred]: Promise<unknown>[];
  /** A statement failed: nothing may be committed any more (on PostgreSQL nothing could). */
  readonly [failure]: { error?: Error };
  readonly [clock]: Clock;
}

interface TransactionOptions {
  readonly writable: boolean;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly ownCommits: OwnCommits;
}

/**
 * For what finds out behind its statements that they should not have been: nothing of the transaction is kept, even if
 * the work goes on.
 * @throws the error
 */
export function giveUp(tx: Tx, error: Error): never {
  tx[failure].error ??= error;
  throw error;
}

type RevisionOf = (domain: Domain, tx: Tx) => Eventual<Revision>;

export class Transaction implements Tx {
  readonly writable: boolean;
  readonly ownCommits: OwnCommits;
  readonly [connection]: Connection;
  readonly [pending]: Change[] = [];
  readonly [deferred]: Promise<unknown>[] = [];
  readonly [failure]: { error?: Error } = {};
  readonly [clock]: Clock;
  readonly #revision: RevisionOf;
  readonly #revisionRead: RevisionOf;

  /** @param revisionRead where it is not `revision` */
  constructor(options: TransactionOptions, revision: RevisionOf, revisionRead: RevisionOf = revision) {
    this.writable = options.writable;
    this.ownCommits = options.ownCommits;
    this[connection] = options.connection;
    this[clock] = options.clock;
    this.#revision = revision;
    this.#revisionRead = revisionRead;
  }

  revision(domain: Domain): Eventual<Revision> {
    return this.#revision(domain, this);
  }

  revisionRead(domain: Domain): Eventual<Revision> {
    return this.#revisionRead(domain, this);
  }
}

/**
 * The embedded database as several processes of one data directory share it (`--workers`). Each has one connection that
 * writes, in turn with those of the others, and some that read snapshots while anybody writes (sqlite.org/wal.html,
 * "Concurrency"). Revisions in memory are good as long as nobody has committed, which every read asks anew: a change
 * that one worker has acknowledged holds for the next request at any other.
 */
import { setTimeout as delay } from "node:timers/promises";

import type { Clock } from "../../../../clock/clock.ts";
import * as revisions from "../../revisions.ts";
import type { Database } from "../../database.ts";
import type { Domain } from "../../domain.ts";
import { Contention, Unavailable } from "../../errors.ts";
import type { Eventual } from "../../eventual.ts";
import { migrate } from "../../migrations/migrate.ts";
import { OwnCommits } from "../../own-commits.ts";
import type { Revision } from "../../revision.ts";
import type { Connection, Row, Statement, Tx, Value } from "../../transaction.ts";
import { Transaction } from "../../transaction.ts";
import { SqliteConnection } from "./connection.ts";
import { SqliteExecutor } from "./executor.ts";
import type { SqliteReader } from "./readers.ts";
import { SqliteReaders } from "./readers.ts";
import { WalIndex } from "./wal-index.ts";

/** Milliseconds between two attempts to write while another process does; its own pause is as long, so that one hits. */
const attemptInterval = 1;
/** Milliseconds that a batch waits for its turn. */
const patience = 5000;

/** @param path of the file, which exists and is private */
export async function openSharedSqlite(path: string, clock: Clock): Promise<Database> {
  const writer = new SqliteConnection(path);
  try {
    writer.execute("pragma busy_timeout = 5000; pragma journal_mode = wal");
    writer.execute("pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory");
    // From here on who writes waits in turns of the event loop, which serves reads meanwhile.
    writer.execute("pragma busy_timeout = 0");
    const executor = new SqliteExecutor(writer, { begin: () => begin(writer), pause: attemptInterval });
    // The index is there once the file was read.
    writer.dataVersion();
    const readers = new SqliteReaders(() => openReader(path), WalIndex.open(path));
    const database = new SharedSqliteDatabase({ writer, executor, readers, clock });
    await database.write((tx) => migrate(tx, clock.now()));
    return database;
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** A reader waits only while the log of a process that was killed is being recovered. */
function openReader(path: string): SqliteConnection {
  const connection = new SqliteConnection(path);
  connection.execute("pragma busy_timeout = 5000; pragma query_only = on; pragma temp_store = memory");
  return connection;
}

interface Parts {
  readonly writer: SqliteConnection;
  readonly executor: SqliteExecutor;
  readonly readers: SqliteReaders;
  readonly clock: Clock;
}

class SharedSqliteDatabase implements Database {
  readonly dialect = "sqlite" as const;
  readonly shared = true;
  readonly #writer: SqliteConnection;
  readonly #readers: SqliteReaders;
  readonly #executor: SqliteExecutor;
  /** Others commit in between: nothing is carried across. */
  readonly #parts: { readonly clock: Clock; readonly ownCommits: OwnCommits };
  #activeReads = 0;
  #closing: Promise<void> | null = null;
  #idle: (() => void) | null = null;

  constructor({ writer, executor, readers, clock }: Parts) {
    this.#writer = writer;
    this.#executor = executor;
    this.#readers = readers;
    this.#parts = { clock, ownCommits: new OwnCommits() };
  }

  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.glance(work);
  }

  glance<T>(work: (tx: Tx) => Eventual<T>): Eventual<T> {
    if (this.#closing !== null) throw new Unavailable("the database is closed");
    const snapshot = new Snapshot(this.#readers);
    const tx = new Transaction({ ...this.#parts, writable: false, connection: snapshot }, snapshot.revision);
    this.#activeReads++;
    let pending = false;
    try {
      const answer = work(tx);
      if (!(answer instanceof Promise)) return answer;
      pending = true;
      return answer.finally(() => this.#ended(snapshot));
    } finally {
      if (!pending) this.#ended(snapshot);
    }
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#executor.write({
        run: async () => {
          const tx = new Transaction({ ...this.#parts, writable: true, connection: this.#writer }, (domain, self) =>
            revisions.revisionInSnapshot(self, domain),
          );
          result = await work(tx);
          await revisions.raise(tx);
          await revisions.settled(tx);
        },
        committed: () => resolve(result),
        failed: reject,
      });
    });
  }

  revision(domain: Domain): Revision {
    const { watch } = this.#readers;
    watch.look();
    return watch.revision(domain);
  }

  revisions(domains: readonly Domain[]): ReadonlyMap<Domain, Revision> {
    const { watch } = this.#readers;
    watch.look();
    return new Map(domains.map((domain) => [domain, watch.revision(domain)]));
  }

  async health(): Promise<void> {
    if (this.#closing !== null) throw new Unavailable("the database is closed");
    this.#readers.watch.look();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#executor.close();
    if (this.#activeReads > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#readers.close();
  }

  #ended(snapshot: Snapshot): void {
    snapshot.end();
    if (--this.#activeReads === 0) this.#idle?.();
  }
}

/** Begins to write once no other process does. @throws Contention, Unavailable */
async function begin(writer: SqliteConnection): Promise<void> {
  const deadline = performance.now() + patience;
  while (!writer.beginsToWrite()) {
    if (performance.now() >= deadline) throw new Contention();
    await delay(attemptInterval);
  }
}

/**
 * What one read sees. It takes a connection with its first statement and keeps it to its end; a read that finds all in
 * caches takes none.
 */
class Snapshot implements Connection {
  readonly dialect = "sqlite" as const;
  readonly #readers: SqliteReaders;
  #reader: SqliteReader | null = null;
  #taking: Promise<SqliteReader> | null = null;
  #looked = false;
  #ended = false;

  constructor(readers: SqliteReaders) {
    this.#readers = readers;
  }

  all(statement: Statement, values: readonly Value[]): Row[] | Promise<Row[]> {
    const reader = this.#take();
    return reader instanceof Promise
      ? reader.then(({ connection }) => connection.all(statement, values))
      : reader.connection.all(statement, values);
  }

  one(statement: Statement, values: readonly Value[]): Row | undefined | Promise<Row | undefined> {
    if (statement.kept === true && this.#reader === null && this.#taking === null) {
      return this.#look().keptRow(statement, values);
    }
    const reader = this.#take();
    return reader instanceof Promise
      ? reader.then(({ connection }) => connection.one(statement, values))
      : reader.connection.one(statement, values);
  }

  run(): number {
    throw new TypeError("a write inside a read transaction");
  }

  /**
   * That of the snapshot once there is one; before, as it stands at the first question or later: the snapshot can then
   * only be newer than what is cached under it.
   */
  readonly revision = (domain: Domain): Revision => this.#look().revision(domain);

  end(): void {
    this.#ended = true;
    if (this.#reader === null) return;
    this.#readers.giveBack(this.#reader);
    this.#reader = null;
  }

  /** Whoever answers for this read; it has looked for commits since the read began. */
  #look(): SqliteReader {
    const reader = this.#reader ?? this.#readers.watch;
    if (!this.#looked) {
      this.#looked = true;
      reader.look();
    }
    return reader;
  }

  #take(): SqliteReader | Promise<SqliteReader> {
    if (this.#reader !== null) return this.#reader;
    if (this.#ended) throw afterEnd();
    if (this.#taking !== null) return this.#taking;
    const taken = this.#readers.take();
    if (!(taken instanceof Promise)) return this.#keep(taken);
    this.#taking = taken.then((reader) => {
      if (!this.#ended) return this.#keep(reader);
      this.#readers.giveBack(reader);
      throw afterEnd();
    });
    return this.#taking;
  }

  #keep(reader: SqliteReader): SqliteReader {
    // The reader may have looked in another snapshot.
    this.#looked = false;
    this.#reader = reader;
    return reader;
  }
}

function afterEnd(): TypeError {
  return new TypeError("a statement after the end of its transaction");
}

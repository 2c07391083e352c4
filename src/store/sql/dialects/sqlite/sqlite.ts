import { closeSync, openSync } from "node:fs";

import type { Clock } from "../../../../clock/clock.ts";
import * as revisions from "../../revisions.ts";
import type { Database } from "../../database.ts";
import type { Domain } from "../../domain.ts";
import { Unavailable } from "../../errors.ts";
import type { Eventual } from "../../eventual.ts";
import { migrate } from "../../migrations/migrate.ts";
import { noRevision } from "../../revision.ts";
import type { Revision } from "../../revision.ts";
import { OwnCommits } from "../../own-commits.ts";
import type { Tx } from "../../transaction.ts";
import { Transaction } from "../../transaction.ts";
import { HeldSnapshot } from "./held-snapshot.ts";
import { SqliteConnection } from "./connection.ts";
import { SqliteExecutor } from "./executor.ts";
import { openSharedSqlite } from "./shared.ts";

/**
 * Opens an embedded database. Whoever opens a file must own its directory (`lockDataDirectory`): revisions are kept in
 * memory, unless it is shared with processes that joined the owner.
 * @param path of the file, or `:memory:`, which cannot be shared
 * @param shared whether other processes use the file at the same time
 */
export async function openSqlite(path: string, clock: Clock, shared = false): Promise<Database> {
  if (path === ":memory:" && shared) throw new TypeError("a database in memory cannot be shared between processes");
  if (path !== ":memory:") makePrivate(path);
  if (shared) return openSharedSqlite(path, clock);
  const connection = new SqliteConnection(path);
  try {
    // FULL: a commit is on the disk before it is acknowledged, also in WAL mode (sqlite.org/pragma.html#pragma_synchronous).
    connection.execute("pragma busy_timeout = 5000");
    connection.execute("pragma journal_mode = wal");
    connection.execute("pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory");
    const database = new SqliteDatabase(connection, clock);
    await database.prepare();
    return database;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Makes the file for its owner alone; SQLite gives the files beside it (-wal, -shm) the same mode. */
function makePrivate(path: string): void {
  try {
    // Never opened again once it is there: closing it would drop this process's locks on it (fcntl(2), POSIX locks).
    closeSync(openSync(path, "ax", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw new Unavailable(`the database file cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}

class SqliteDatabase implements Database {
  readonly dialect = "sqlite" as const;
  readonly shared = false;
  readonly #connection: SqliteConnection;
  readonly #executor: SqliteExecutor;
  readonly #parts: { readonly clock: Clock; readonly ownCommits: OwnCommits };
  #revisions = new Map<Domain, Revision>();
  /** Those of the batch that runs. */
  readonly #written = new Map<Domain, Revision>();
  /**
   * All reads share it: one that writes nothing has no state of its own. No batch runs while a read does, so the
   * connection itself is the snapshot, and so are the revisions in memory.
   */
  readonly #reader: Transaction;

  constructor(connection: SqliteConnection, clock: Clock) {
    this.#connection = connection;
    this.#executor = new SqliteExecutor(connection);
    this.#parts = { clock, ownCommits: new OwnCommits() };
    const snapshot = new HeldSnapshot(connection);
    this.#reader = new Transaction({ ...this.#parts, writable: false, connection: snapshot }, (domain) =>
      this.revision(domain),
    );
  }

  async prepare(): Promise<void> {
    await this.write((tx) => migrate(tx, this.#parts.clock.now()));
    this.#revisions = await this.read((tx) => revisions.revisions(tx));
  }

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#executor.read(() => work(this.#reader));
  }

  glance<T>(work: (tx: Tx) => Eventual<T>): Eventual<T> {
    return this.#executor.glance(() => work(this.#reader));
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      let raised: readonly revisions.Raised[] = [];
      this.#executor.write({
        run: async () => {
          const tx = new Transaction({ ...this.#parts, writable: true, connection: this.#connection }, inSnapshot);
          result = await work(tx);
          raised = await revisions.raise(tx);
          await revisions.settled(tx);
          for (const each of raised) this.#note(each);
        },
        committed: () => {
          for (const { domain, revision } of raised) {
            this.#revisions.set(domain, revision);
            this.#written.delete(domain);
          }
          resolve(result);
        },
        failed: (error) => {
          for (const { domain } of raised) this.#written.delete(domain);
          reject(error as Error);
        },
      });
    });
  }

  /**
   * Before the commit, so that the next of its batch knows. Should the batch fail, nothing ever has the stamp of the
   * revision that did not come to be.
   */
  #note({ domain, revision, changes }: revisions.Raised): void {
    const before = this.#written.get(domain) ?? this.revision(domain);
    if (before.number + 1 === revision.number)
      this.#parts.ownCommits.note(domain, { before, after: revision, changes });
    this.#written.set(domain, revision);
  }

  revision(domain: Domain): Revision {
    return this.#revisions.get(domain) ?? noRevision;
  }

  revisions(domains: readonly Domain[]): ReadonlyMap<Domain, Revision> {
    return new Map(domains.map((domain) => [domain, this.revision(domain)]));
  }

  async health(): Promise<void> {
    await this.#executor.read(async () => this.#connection.one({ name: "health", sql: "select 1" }, []));
  }

  close(): Promise<void> {
    return this.#executor.close();
  }
}

function inSnapshot(domain: Domain, tx: Tx): Promise<Revision> {
  return revisions.revisionInSnapshot(tx, domain);
}

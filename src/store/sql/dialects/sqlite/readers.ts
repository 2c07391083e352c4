/**
 * Connections that read a database which other processes write. Each has its own knowledge of revisions, good as long
 * as `PRAGMA data_version` says that nobody else has committed.
 */
import { LRUCache } from "lru-cache";

import type { Domain } from "../../domain.ts";
import { noRevision } from "../../revision.ts";
import type { Revision } from "../../revision.ts";
import { isStorable } from "../../storable.ts";
import type { Row, Statement, Value } from "../../transaction.ts";
import { KeptRows } from "./kept-rows.ts";
import type { SqliteConnection } from "./connection.ts";
import type { WalIndex } from "./wal-index.ts";

const revisionOf = { name: "revision", sql: 'select "revision", "stamp" from "domains" where "id" = ?' };

const mostRevisions = 10_000;

/** One connection that only reads. */
export class SqliteReader {
  readonly connection: SqliteConnection;
  readonly #index: WalIndex | null;
  #version = -1;
  /** Also of domains that are only asked about, and do not exist. */
  readonly #revisions = new LRUCache<Domain, Revision>({ maxSize: mostRevisions, sizeCalculation: () => 1 });
  readonly #rows = new KeptRows();

  /** @param index of a reader that never has a transaction open: it saves most questions to the database */
  constructor(connection: SqliteConnection, index: WalIndex | null = null) {
    this.connection = connection;
    this.#index = index;
  }

  /**
   * Looks whether anybody has committed since the last look; what is known of revisions is then forgotten. Outside a
   * transaction it sees all that was committed before the call, by any process.
   */
  look(): void {
    if (this.#index !== null && !this.#index.changed()) return;
    const version = this.connection.dataVersion();
    if (version !== this.#version) {
      this.#revisions.clear();
      this.#rows.forget();
    }
    this.#version = version;
    this.#index?.seen();
  }

  /** The revision of a domain, at least as new as the last look; `noRevision` for one that does not exist. */
  revision(domain: Domain): Revision {
    const known = this.#revisions.get(domain);
    if (known !== undefined) return known;
    if (!isStorable(domain)) return noRevision;
    const row = this.connection.one(revisionOf, [domain]);
    const revision =
      row === undefined ? noRevision : { number: row["revision"] as number, stamp: row["stamp"] as number };
    this.#revisions.set(domain, revision);
    return revision;
  }

  /** The first row of a statement that may be kept, at least as new as the last look. */
  keptRow(statement: Statement, values: readonly Value[]): Row | undefined {
    return this.#rows.get(statement, values, () => this.connection.one(statement, values));
  }
}

/** Reads that hold a snapshot across turns of the event loop (a search of the trail) at once; more wait. */
const mostReaders = 16;

/** The readers of one database. A read holds one from its first statement to its end. */
export class SqliteReaders {
  /** For revisions without a snapshot: it never has a transaction open. */
  readonly watch: SqliteReader;
  readonly #open: () => SqliteConnection;
  readonly #index: WalIndex | null;
  readonly #free: SqliteReader[] = [];
  readonly #waiting: ((reader: SqliteReader) => void)[] = [];
  #count = 0;

  /** @param open opens another connection to the file. @param index of the file, which is closed with the readers */
  constructor(open: () => SqliteConnection, index: WalIndex | null) {
    this.#open = open;
    this.#index = index;
    this.watch = new SqliteReader(open(), index);
  }

  /** A reader with a transaction of its own, whose snapshot is taken by the first statement. */
  take(): SqliteReader | Promise<SqliteReader> {
    const free = this.#free.pop();
    if (free !== undefined) return begun(free);
    if (this.#count < mostReaders) {
      const made = new SqliteReader(this.#open());
      this.#count++;
      return begun(made);
    }
    return new Promise((resolve) => this.#waiting.push((reader) => resolve(begun(reader))));
  }

  giveBack(reader: SqliteReader): void {
    // An error may have ended the transaction already.
    if (reader.connection.inTransaction) reader.connection.execute("commit");
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(reader);
    else next(reader);
  }

  /** Nothing is being read any more. */
  close(): void {
    this.watch.connection.close();
    for (const { connection } of this.#free.splice(0)) connection.close();
    this.#index?.close();
  }
}

function begun(reader: SqliteReader): SqliteReader {
  reader.connection.execute("begin");
  return reader;
}

/**
 * One libsql connection (SQLite) behind the store's Connection. Traps of libsql 0.5.29 that are dealt with here: a
 * boolean parameter ends the process, `get` adds a `_metadata` column (callers pick columns, so it goes nowhere), blobs
 * come back as ArrayBuffer (fragments.ts, `bytes`), prepared statements are not cached.
 */
import Libsql from "libsql";

import { Conflict, NotFound, Unavailable } from "../errors.ts";
import type { Connection, Row, Statement, Value } from "../transaction.ts";

type Prepared = ReturnType<InstanceType<typeof Libsql>["prepare"]>;

/** Beyond this the cache starts afresh; the store itself has far fewer statements. */
const maxPrepared = 1000;

export class SqliteConnection implements Connection {
  readonly dialect = "sqlite" as const;
  readonly #db: InstanceType<typeof Libsql>;
  #prepared = new Map<string, Prepared>();
  #dataVersion: Prepared | undefined;

  /** @param path of the file, or `:memory:` */
  constructor(path: string) {
    try {
      this.#db = new Libsql(path);
    } catch (error) {
      throw new Unavailable(`the database file cannot be opened: ${(error as Error).message}`, { cause: error });
    }
  }

  all(statement: Statement, values: readonly Value[]): Row[] {
    return guarded(() => this.#prepare(statement.sql).all(checked(values)) as Row[], statement);
  }

  one(statement: Statement, values: readonly Value[]): Row | undefined {
    return guarded(() => this.#prepare(statement.sql).get(checked(values)) as Row | undefined, statement);
  }

  run(statement: Statement, values: readonly Value[]): number {
    return guarded(() => this.#prepare(statement.sql).run(checked(values)).changes, statement);
  }

  /** One or more statements without parameters. */
  execute(sql: string): void {
    guarded(() => this.#db.exec(sql));
  }

  /** Begins to write; false where another process is writing at this moment. */
  beginsToWrite(): boolean {
    try {
      this.execute("begin immediate");
      return true;
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      if (code?.startsWith("SQLITE_BUSY") === true) return false;
      throw error;
    }
  }

  /**
   * A number that differs from the last one if another connection, of whatever process, has committed since
   * (sqlite.org/pragma.html#pragma_data_version); inside a transaction that of its snapshot.
   */
  dataVersion(): number {
    this.#dataVersion ??= this.#db.prepare("pragma data_version").raw();
    return guarded(() => (this.#dataVersion!.get([]) as unknown as [number])[0]);
  }

  /** SQLite itself gives up a whole transaction on some errors: a full disk, an I/O error. */
  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  close(): void {
    this.#prepared.clear();
    this.#dataVersion = undefined;
    try {
      // libsql leaves the write-ahead log as it is: whoever copied the database file alone would miss what is there.
      // Passive waits for nobody (sqlite.org/pragma.html#pragma_wal_checkpoint).
      this.#db.exec("pragma wal_checkpoint(passive)");
    } catch {
      // The next one to open the file reads the log.
    }
    this.#db.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (this.#prepared.size >= maxPrepared) this.#prepared = new Map();
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Refuses what libsql cannot bind (it would abort the process) before it gets there. */
function checked(values: readonly Value[]): readonly Value[] {
  for (const value of values) {
    const known =
      typeof value === "string" || typeof value === "number" || value === null || value instanceof Uint8Array;
    if (!known) throw new TypeError(`a ${typeof value} is no SQL value`);
  }
  return values;
}

/** Errors of SQLite in the store's words; what is neither a constraint nor a failing machine is a defect and passes. */
function guarded<T>(action: () => T, statement?: Statement): T {
  try {
    return action();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string" || !code.startsWith("SQLITE_")) throw error;
    throw translated(error as Error, code, statement);
  }
}

const unavailable =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|PERM|NOMEM|PROTOCOL|AUTH|NOLFS|INTERRUPT)/;

function translated(error: Error, code: string, statement: Statement | undefined): Error {
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY" || code === "SQLITE_CONSTRAINT_TRIGGER") {
    return /^\s*delete/i.test(statement?.sql ?? "")
      ? new Conflict("record", "dependents", "", { cause: error })
      : new NotFound("owner", "");
  }
  if (code.startsWith("SQLITE_CONSTRAINT")) return new Conflict("record", error.message, "", { cause: error });
  if (unavailable.test(code))
    return new Unavailable(`the database file cannot be used: ${error.message}`, { cause: error });
  return error;
}

/**
 * One SQLite connection behind the store's Connection: node:sqlite's interface from a package, so that Node 20 has it
 * too. Traps of @photostructure/sqlite 1.2.1 that are dealt with here: it binds a text up to its first NUL only (a key id
 * with something behind a NUL would find the key), a boolean becomes a number, NaN becomes NULL, prepared statements are
 * not cached.
 */
import { DatabaseSync } from "@photostructure/sqlite";
import { LRUCache } from "lru-cache";

import { Conflict, NotFound, Unavailable } from "../../errors.ts";
import type { Connection, Row, Statement, Value } from "../../transaction.ts";
import { constraint, foreignKey, isBusy, machineFails, sqliteCode, trigger } from "./codes.ts";
import type { SqliteCode } from "./codes.ts";

type Opened = InstanceType<typeof DatabaseSync>;
type Prepared = ReturnType<Opened["prepare"]>;

/** The store itself has far fewer statements. */
const maxPrepared = 1000;

export class SqliteConnection implements Connection {
  readonly dialect = "sqlite" as const;
  readonly #db: Opened;
  readonly #prepared = new LRUCache<string, Prepared>({ max: maxPrepared });
  #dataVersion: Prepared | undefined;

  /** @param path of the file, or `:memory:` */
  constructor(path: string) {
    try {
      this.#db = new DatabaseSync(path);
    } catch (error) {
      throw new Unavailable(`the database file cannot be opened: ${(error as Error).message}`, { cause: error });
    }
  }

  all(statement: Statement, values: readonly Value[]): Row[] {
    return guarded(() => this.#prepare(statement.sql).all(...checked(values)) as Row[], statement);
  }

  one(statement: Statement, values: readonly Value[]): Row | undefined {
    return guarded(() => this.#prepare(statement.sql).get(...checked(values)) as Row | undefined, statement);
  }

  run(statement: Statement, values: readonly Value[]): number {
    return guarded(() => this.#prepare(statement.sql).run(...checked(values)).changes as number, statement);
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
      if (isBusy((error as Error).cause)) return false;
      throw error;
    }
  }

  /**
   * A number that differs from the last one if another connection, of whatever process, has committed since
   * (sqlite.org/pragma.html#pragma_data_version); inside a transaction that of its snapshot.
   */
  dataVersion(): number {
    this.#dataVersion ??= this.#db.prepare("pragma data_version");
    return guarded(() => (this.#dataVersion!.get() as { data_version: number }).data_version);
  }

  /** SQLite itself gives up a whole transaction on some errors: a full disk, an I/O error. */
  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    this.#prepared.clear();
    this.#dataVersion = undefined;
    try {
      // SQLite itself does so at the end of the last connection, which is not before the garbage collector has taken its
      // statements (sqlite.org/c3ref/close.html, sqlite3_close_v2): whoever copied the database file alone would miss
      // what is there. Passive waits for nobody (sqlite.org/pragma.html#pragma_wal_checkpoint).
      this.#db.exec("pragma wal_checkpoint(passive)");
    } catch {
      // The next one to open the file reads the log.
    }
    this.#db.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Refuses what the binding would change on its way to the database. */
function checked(values: readonly Value[]): readonly Value[] {
  for (const value of values) {
    const known =
      typeof value === "string"
        ? !value.includes("\0")
        : typeof value === "number"
          ? !Number.isNaN(value)
          : value === null || value instanceof Uint8Array;
    if (!known) throw new TypeError(`a ${typeof value} that SQLite cannot take as it is`);
  }
  return values;
}

/** Errors of SQLite in the store's words; what is neither a constraint nor a failing machine is a defect and passes. */
function guarded<T>(action: () => T, statement?: Statement): T {
  try {
    return action();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === null) throw error;
    throw translated(error as Error, code, statement);
  }
}

function translated(error: Error, { primary, extended }: SqliteCode, statement: Statement | undefined): Error {
  if (extended === foreignKey || extended === trigger) {
    return /^\s*delete/i.test(statement?.sql ?? "")
      ? new Conflict("record", "dependents", "", { cause: error })
      : new NotFound("owner", "");
  }
  if (primary === constraint) return new Conflict("record", error.message, "", { cause: error });
  if (machineFails.has(primary)) {
    return new Unavailable(`the database file cannot be used: ${error.message}`, { cause: error });
  }
  return error;
}

import type { Connection, Row, Statement, Value } from "../transaction.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Rows kept at most. */
const mostRows = 10_000;

/**
 * Reads of the only process that writes: their transaction stays open until the next batch of writes ends it
 * (sqlite-executor.ts), and nothing can change but by that batch. A transaction for each statement takes and gives back
 * locks on the file, which costs four times as much as the statement: 14 µs against 3.
 */
export class HeldSnapshot implements Connection {
  readonly dialect = "sqlite" as const;
  readonly #connection: SqliteConnection;
  /** First rows that were read in the transaction that is open. */
  readonly #rows = new Map<Statement, Map<Value, Row | undefined>>();
  #kept = 0;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  all(statement: Statement, values: readonly Value[]): Row[] {
    return this.#held().all(statement, values);
  }

  one(statement: Statement, values: readonly Value[]): Row | undefined {
    const connection = this.#held();
    return statement.kept === true ? this.#keptRow(connection, statement, values) : connection.one(statement, values);
  }

  run(): never {
    throw new TypeError("a write inside a read transaction");
  }

  #held(): SqliteConnection {
    // SQLite ends a transaction by itself on some errors.
    if (!this.#connection.inTransaction) {
      this.#forget();
      this.#connection.execute("begin");
    }
    return this.#connection;
  }

  #keptRow(connection: SqliteConnection, statement: Statement, values: readonly Value[]): Row | undefined {
    let rows = this.#rows.get(statement);
    if (rows === undefined) this.#rows.set(statement, (rows = new Map()));
    const parameter = values[0]!;
    if (rows.has(parameter)) return rows.get(parameter);
    const row = connection.one(statement, values);
    if (this.#kept >= mostRows) this.#forget();
    rows.set(parameter, row);
    this.#kept++;
    return row;
  }

  #forget(): void {
    this.#rows.clear();
    this.#kept = 0;
  }
}

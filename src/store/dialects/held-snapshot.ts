import type { Connection, Row, Statement, Value } from "../transaction.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/**
 * Reads of the only process that writes: their transaction stays open until the next batch of writes ends it
 * (sqlite-executor.ts), and nothing can change but by that batch. A transaction for each statement takes and gives back
 * locks on the file, which costs four times as much as the statement: 14 µs against 3.
 */
export class HeldSnapshot implements Connection {
  readonly dialect = "sqlite" as const;
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  all(statement: Statement, values: readonly Value[]): Row[] {
    return this.#held().all(statement, values);
  }

  one(statement: Statement, values: readonly Value[]): Row | undefined {
    return this.#held().one(statement, values);
  }

  run(): never {
    throw new TypeError("a write inside a read transaction");
  }

  #held(): SqliteConnection {
    // SQLite ends a transaction by itself on some errors.
    if (!this.#connection.inTransaction) this.#connection.execute("begin");
    return this.#connection;
  }
}

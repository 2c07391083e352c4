import type pg from "pg";

import { Unavailable } from "../errors.ts";
import type { Connection, Row, Statement, Value } from "../transaction.ts";
import { translated } from "./postgresql-errors.ts";
import { refuseStandby, standbyColumn } from "./postgresql-standby.ts";

export type Mode = "single" | "read" | "write" | "write committed";

/** A single query is its own transaction and needs no more round trips. */
const begin: Record<Mode, string | null> = {
  single: null,
  read: `begin isolation level repeatable read, read only; select ${standbyColumn}`,
  write: "begin isolation level serializable, read write",
  "write committed": "begin isolation level read committed, read write",
};

/** A transaction on one connection of the pool, which is taken with the first statement. */
export class PostgresqlConnection implements Connection {
  readonly dialect = "postgresql" as const;
  readonly #pool: pg.Pool;
  readonly #mode: Mode;
  #client: Promise<pg.PoolClient> | undefined;
  /** Why the connection must not go back to the pool. */
  #broken: Error | undefined;

  constructor(pool: pg.Pool, mode: Mode) {
    this.#pool = pool;
    this.#mode = mode;
  }

  /** Whether the snapshot is taken. */
  get begun(): boolean {
    return this.#client !== undefined;
  }

  async all(statement: Statement, values: readonly Value[]): Promise<Row[]> {
    return (await this.#query(statement, values)).rows;
  }

  async one(statement: Statement, values: readonly Value[]): Promise<Row | undefined> {
    return (await this.#query(statement, values)).rows[0];
  }

  async run(statement: Statement, values: readonly Value[]): Promise<number> {
    return (await this.#query(statement, values)).rowCount ?? 0;
  }

  /**
   * @throws Error when the server rolled back instead: a statement had failed and the work went on regardless.
   */
  async commit(): Promise<void> {
    if (this.#client === undefined || begin[this.#mode] === null) return;
    const client = await this.#client;
    const { command } = await this.#noting(() => client.query("commit"));
    if (command !== "COMMIT") throw new Error("the transaction went on after a failed statement and was rolled back");
  }

  /**
   * Gives up the transaction; never fails.
   * @param error why: a connection that leads to where nothing can be done is not used again
   */
  async rollback(error: unknown): Promise<void> {
    if (error instanceof Unavailable) this.#broken ??= error;
    try {
      const client = await this.#client;
      if (client === undefined || this.#broken !== undefined || begin[this.#mode] === null) return;
      await this.#noting(() => client.query("rollback"));
    } catch {
      // A connection that cannot roll back is thrown away; the server rolls back by itself.
    }
  }

  /** Gives the connection back, or throws it away when it failed. */
  async release(): Promise<void> {
    try {
      (await this.#client)?.release(this.#broken);
    } catch {
      // There never was a connection: whoever asked for it was told why.
    }
  }

  async #query(statement: Statement, values: readonly Value[]): Promise<pg.QueryResult<Row>> {
    const client = await (this.#client ??= this.#begin());
    const { name, sql: text } = statement;
    const query = name === "" ? { text, values: [...values] } : { name, text, values: [...values] };
    return this.#noting(() => client.query<Row>(query), statement);
  }

  async #begin(): Promise<pg.PoolClient> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translated(error);
    }
    const opening = begin[this.#mode];
    if (opening === null) return client;
    try {
      // Several statements in one message: pg answers with one result for each.
      const results = (await client.query(opening)) as pg.QueryResult | pg.QueryResult[];
      if (Array.isArray(results)) refuseStandby((results.at(-1)!.rows as Row[])[0]);
      return client;
    } catch (error) {
      client.release(error as Error);
      throw translated(error);
    }
  }

  async #noting<T>(query: () => Promise<T>, statement?: Statement): Promise<T> {
    try {
      return await query();
    } catch (error) {
      const known = translated(error, statement);
      // An error with an SQLSTATE came over a connection that works; anything else leaves it in doubt.
      if ((error as { severity?: string }).severity !== "ERROR") this.#broken = error as Error;
      throw known;
    }
  }
}

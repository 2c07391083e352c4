import pg from "pg";

import type { Domain } from "../../domain.ts";
import { Unavailable } from "../../errors.ts";
import type { Revision } from "../../revision.ts";
import type { Connection, Row, Statement, Value } from "../../transaction.ts";
import { isOvertaken, translated } from "./errors.ts";
import { refuseStandby, standbyColumn } from "./standby.ts";

export type Mode = "single" | "read" | "write" | "write committed";

/** A single query is its own transaction and needs no more round trips. */
const begin: Record<Mode, string | null> = {
  single: null,
  read: `begin isolation level repeatable read, read only; select ${standbyColumn}`,
  write: "begin isolation level serializable, read write",
  "write committed": "begin isolation level read committed, read write",
};

/** How long to stay in line for a domain's row (milliseconds). */
const linePatienceMs = 5_000;

/**
 * A transaction on one connection of the pool, which is taken with the first statement.
 *
 * A write to a domain locks the domain's row with its first statement, in the same message as its begin. Whoever comes
 * second waits there; once it is its turn, its snapshot is older than the row and it begins once more, having done
 * nothing yet. Without this both would do all their work, and one of them in vain.
 */
export class PostgresqlConnection implements Connection {
  readonly dialect = "postgresql" as const;
  readonly #pool: pg.Pool;
  readonly #mode: Mode;
  readonly #domain: Domain | undefined;
  #client: Promise<pg.PoolClient> | undefined;
  #locked: Revision | undefined;
  /** Why the connection must not go back to the pool. */
  #broken: Error | undefined;

  /** @param domain whose row a write locks */
  constructor(pool: pg.Pool, mode: Mode, domain?: Domain) {
    this.#pool = pool;
    this.#mode = mode;
    this.#domain = mode === "write" ? domain : undefined;
  }

  /** Whether the snapshot is taken. */
  get begun(): boolean {
    return this.#client !== undefined;
  }

  /** The revision of the domain whose row is locked; undefined for any other. */
  async lockedRevision(domain: Domain): Promise<Revision | undefined> {
    if (domain !== this.#domain) return undefined;
    await (this.#client ??= this.#begin());
    return this.#locked;
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
      await this.#open(client, opening);
      return client;
    } catch (error) {
      client.release(error as Error);
      throw translated(error);
    }
  }

  async #open(client: pg.PoolClient, opening: string): Promise<void> {
    const text = this.#domain === undefined ? opening : `${opening}; ${lock(this.#domain)}`;
    const late = performance.now() + linePatienceMs;
    for (let message = text; ; message = `rollback; ${text}`) {
      try {
        // Several statements in one message: pg answers with one result for each.
        const results = (await client.query(message)) as pg.QueryResult | pg.QueryResult[];
        const row = Array.isArray(results) ? (results.at(-1)!.rows as Row[])[0] : undefined;
        if (this.#domain === undefined) refuseStandby(row);
        else this.#locked = row as Revision | undefined;
        return;
      } catch (error) {
        if (!isOvertaken(error) || performance.now() >= late) throw error;
      }
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

/** Waits for whoever writes to the domain. */
function lock(domain: Domain): string {
  return `select revision as number, stamp from domains where id = ${pg.escapeLiteral(domain)} for no key update`;
}

import type pg from "pg";

import type { Connection, Row, Statement, Value } from "../../transaction.ts";
import { isFollowing, translated } from "./errors.ts";
import { canBeJoined, joinedStatement, tellCounts } from "./joined-statements.ts";
import type { Waiting } from "./joined-statements.ts";
import type { Session } from "./session.ts";

/** The statements of one work. Several works may share a session, one after the other. */
export class PostgresqlConnection implements Connection {
  readonly dialect = "postgresql" as const;
  readonly #session: Session;
  /** Statements that are to be sent together. */
  readonly #writes: Waiting[] = [];
  #ended = false;
  /** What the first statement that failed failed with. */
  #failed: Error | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  async all(statement: Statement, values: readonly Value[]): Promise<Row[]> {
    return (await this.#query(statement, values)).rows;
  }

  async one(statement: Statement, values: readonly Value[]): Promise<Row | undefined> {
    return (await this.#query(statement, values)).rows[0];
  }

  /** Those that are issued in one turn go as one (joined-statements.ts). */
  run(statement: Statement, values: readonly Value[]): Promise<number> {
    if (this.#ended) return Promise.reject(afterEnd());
    if (this.#writes.length === 0) process.nextTick(() => this.#sendWrites());
    return new Promise((written, failed) => this.#writes.push({ statement, values, written, failed }));
  }

  /** Sends what waits to be sent; from here on there are no more. */
  end(): void {
    this.#sendWrites();
    this.#ended = true;
  }

  async #query(statement: Statement, values: readonly Value[]): Promise<pg.QueryResult<Row>> {
    if (this.#ended) throw afterEnd();
    this.#sendWrites();
    return this.#ask(statement, values);
  }

  /** What waits to be sent comes before whatever is asked next. */
  #sendWrites(): void {
    const writes = this.#writes.splice(0);
    if (writes.length > 1 && canBeJoined(writes)) void this.#sendJoined(writes);
    else for (const write of writes) void this.#sendWrite(write);
  }

  async #sendWrite({ statement, values, written, failed }: Waiting): Promise<void> {
    try {
      written((await this.#ask(statement, values)).rowCount ?? 0);
    } catch (error) {
      failed(error);
    }
  }

  async #sendJoined(writes: readonly Waiting[]): Promise<void> {
    try {
      const statement = joinedStatement(writes.map((write) => write.statement));
      const values = writes.flatMap((write) => write.values);
      tellCounts(writes, (await this.#ask(statement, values)).rows[0]!);
    } catch (error) {
      for (const { failed } of writes) failed(error);
    }
  }

  async #ask(statement: Statement, values: readonly Value[]): Promise<pg.QueryResult<Row>> {
    try {
      return await (
        await this.#session.send(queryOf(statement, values))
      ).answer;
    } catch (error) {
      // Behind a statement that failed all others fail as well, and whoever is told of one of them wants to know why.
      const known = isFollowing(error) && this.#failed !== undefined ? this.#failed : translated(error, statement);
      this.#failed ??= known as Error;
      throw known;
    }
  }
}

function queryOf({ name, sql: text }: Statement, values: readonly Value[]): pg.QueryConfig {
  return name === "" ? { text, values: [...values] } : { name, text, values: [...values] };
}

function afterEnd(): TypeError {
  return new TypeError("a statement after the end of its transaction");
}

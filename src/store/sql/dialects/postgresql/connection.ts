import pg from "pg";

import type { Domain } from "../../domain.ts";
import { Unavailable } from "../../errors.ts";
import type { Revision } from "../../revision.ts";
import type { Connection, Row, Statement, Value } from "../../transaction.ts";
import { isFollowing, isOvertaken, translated } from "./errors.ts";
import { canBeJoined, joinedStatement, tellCounts } from "./joined-statements.ts";
import type { Waiting } from "./joined-statements.ts";
import { refuseStandby, standbyColumn } from "./standby.ts";

export type Mode = "single" | "read" | "write" | "write committed";

/** A single query is its own transaction and needs no more round trips. */
const begin: Record<Mode, string | null> = {
  single: null,
  read: "begin isolation level repeatable read, read only",
  write: "begin isolation level serializable, read write",
  "write committed": "begin isolation level read committed, read write",
};

/** How long to stay in line for a domain's row (milliseconds). */
const linePatienceMs = 5_000;

/** A connection of the pool, and its transaction. */
interface Session {
  readonly client: pg.PoolClient;
  /** Resolves once the transaction has begun; what a read asks for is on its way by then. */
  readonly begun: Promise<void>;
}

interface Sent {
  readonly answer: Promise<pg.QueryResult<Row>>;
}

/**
 * A transaction on one connection of the pool, which is taken with the first statement. Statements that are issued
 * together go to the server together and cost one round trip (PostgreSQL manual, "Pipeline Mode"); should one fail, the
 * server refuses those behind it.
 *
 * A write to a domain locks the domain's row with its first statement, in the same message as its begin. Whoever comes
 * second waits there; once it is its turn, its snapshot is older than the row and it begins once more, having done
 * nothing yet. Without this both would do all their work, and one of them in vain.
 */
export class PostgresqlConnection implements Connection {
  readonly dialect = "postgresql" as const;
  readonly #pool: pg.Pool;
  readonly #mode: Mode;
  /** Whose row is locked. */
  readonly #domain: Domain | undefined;
  #session: Promise<Session> | undefined;
  /** Domains of which a read wants to know the revision in its snapshot. */
  readonly #wanted = new Set<Domain>();
  /** What came with the begin. */
  readonly #revisions = new Map<Domain, Revision>();
  /** Statements that are to be sent together. */
  readonly #writes: Waiting[] = [];
  #ended = false;
  /** What the first statement that failed failed with. */
  #failed: Error | undefined;
  /** Why the connection must not go back to the pool. */
  #broken: Error | undefined;

  /** @param domain whose row a write locks, and whose revision a read brings along */
  constructor(pool: pg.Pool, mode: Mode, domain?: Domain) {
    this.#pool = pool;
    this.#mode = mode;
    if (mode === "write") this.#domain = domain;
    else if (domain !== undefined) this.#wanted.add(domain);
  }

  /** Whether the snapshot is taken. */
  get begun(): boolean {
    return this.#session !== undefined;
  }

  /** Makes a begin that is still to come bring the revision of a domain along. */
  comesWithBegin(domain: Domain): void {
    if (!this.begun) this.#wanted.add(domain);
  }

  /** Whether the begin brings, or has brought, the revision of a domain. */
  awaits(domain: Domain): boolean {
    return this.#wanted.has(domain);
  }

  /** The revision that came with the begin; undefined for any other. */
  revisionOf(domain: Domain): Revision | undefined {
    return this.#revisions.get(domain);
  }

  /** That of the domain whose row is locked. */
  readonly lockedRevision = (domain: Domain): Revision | undefined => {
    return domain === this.#domain ? this.#revisions.get(domain) : undefined;
  };

  /** Begins, where it is not yet begun, and locks. */
  async begin(): Promise<void> {
    await (
      await (this.#session ??= this.#start())
    ).begun;
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

  /**
   * @throws Error when the server rolled back instead: a statement had failed and the work went on regardless.
   */
  async commit(): Promise<void> {
    const sent = await this.#end("commit");
    if (sent === null) return;
    const { answer } = sent;
    if (this.#mode === "read") {
      // Nothing hangs on the end of a read: whoever has the connection next comes behind it.
      answer.catch(() => undefined);
      return;
    }
    const { command } = await answer;
    if (command !== "COMMIT") throw new Error("the transaction went on after a failed statement and was rolled back");
  }

  /**
   * Gives up the transaction; never fails.
   * @param error why: a connection that leads to where nothing can be done is not used again
   */
  async rollback(error: unknown): Promise<void> {
    if (error instanceof Unavailable) this.#broken ??= error;
    if (this.#broken !== undefined) {
      this.#ended = true;
      for (const { failed } of this.#writes.splice(0)) failed(this.#broken);
      return;
    }
    try {
      await (
        await this.#end("rollback")
      )?.answer;
    } catch {
      // A connection that cannot roll back is thrown away; the server rolls back by itself.
    }
  }

  /** Gives the connection back, or throws it away when it failed. */
  async release(): Promise<void> {
    try {
      (await this.#session)?.client.release(this.#broken);
    } catch {
      // There never was a connection: whoever asked for it was told why.
    }
  }

  async #query(statement: Statement, values: readonly Value[]): Promise<pg.QueryResult<Row>> {
    if (this.#ended) throw afterEnd();
    this.#sendWrites();
    return (await this.#send(queryOf(statement, values), statement)).answer;
  }

  /** What waits to be sent comes before whatever is asked next. */
  #sendWrites(): void {
    const writes = this.#writes.splice(0);
    if (writes.length > 1 && canBeJoined(writes)) void this.#sendJoined(writes);
    else for (const write of writes) void this.#sendWrite(write);
  }

  async #sendWrite({ statement, values, written, failed }: Waiting): Promise<void> {
    try {
      const { answer } = await this.#send(queryOf(statement, values), statement);
      written((await answer).rowCount ?? 0);
    } catch (error) {
      failed(error);
    }
  }

  async #sendJoined(writes: readonly Waiting[]): Promise<void> {
    const statement = joinedStatement(writes.map((write) => write.statement));
    try {
      const values = writes.flatMap((write) => write.values);
      const { answer } = await this.#send(queryOf(statement, values), statement);
      tellCounts(writes, (await answer).rows[0]!);
    } catch (error) {
      for (const { failed } of writes) failed(error);
    }
  }

  /** Ends the transaction behind all that was asked for. @returns null where there is none */
  async #end(how: "commit" | "rollback"): Promise<Sent | null> {
    this.#sendWrites();
    this.#ended = true;
    return this.#session === undefined || begin[this.#mode] === null ? null : this.#send({ text: how });
  }

  /** Resolves once the query is on its way. Queries go in the order in which they were asked for, the commit among them. */
  async #send(query: pg.QueryConfig, statement?: Statement): Promise<Sent> {
    const { client, begun } = await (this.#session ??= this.#start());
    // A write must not reach a server on which its transaction has not begun: there it would be committed by itself.
    if (this.#mode !== "read") await begun;
    const answered = this.#noting(() => client.query<Row>(query), statement);
    return { answer: Promise.all([answered, begun]).then(([result]) => result) };
  }

  async #start(): Promise<Session> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translated(error);
    }
    const opening = begin[this.#mode];
    const begun = opening === null ? Promise.resolve() : this.#noting(() => this.#open(client, opening));
    // Who asks for something is told why.
    begun.catch((error: Error) => (this.#broken ??= error));
    return { client, begun };
  }

  async #open(client: pg.PoolClient, opening: string): Promise<void> {
    const text = `${opening}${this.#more()}`;
    const late = performance.now() + linePatienceMs;
    for (let message = text; ; message = `rollback; ${text}`) {
      try {
        // Several statements in one message: pg answers with one result for each.
        const results = (await client.query(message)) as pg.QueryResult | pg.QueryResult[];
        for (const row of [results].flat().flatMap((result) => result.rows as BeginRow[])) {
          refuseStandby(row);
          if (row.id !== null) this.#revisions.set(row.id, { number: row.number, stamp: row.stamp });
        }
        return;
      } catch (error) {
        if (!isOvertaken(error) || performance.now() >= late) throw error;
      }
    }
  }

  /** What is asked in the same message. */
  #more(): string {
    if (this.#mode === "read") return `; ${snapshotRevisions([...this.#wanted])}`;
    return this.#domain === undefined ? "" : `; ${lock(this.#domain)}`;
  }

  async #noting<T>(query: () => Promise<T>, statement?: Statement): Promise<T> {
    try {
      return await query();
    } catch (error) {
      // Behind a statement that failed all others fail as well, and whoever is told of one of them wants to know why.
      const known = isFollowing(error) && this.#failed !== undefined ? this.#failed : translated(error, statement);
      this.#failed ??= known as Error;
      // An error with an SQLSTATE came over a connection that works; anything else leaves it in doubt.
      if ((error as { severity?: string }).severity !== "ERROR") this.#broken = error as Error;
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

interface BeginRow extends Revision {
  readonly id: Domain | null;
  readonly standby?: boolean;
}

/** Whether it is a standby, and the revisions of domains. */
function snapshotRevisions(domains: readonly Domain[]): string {
  const ids = domains.length === 0 ? "null" : domains.map((domain) => pg.escapeLiteral(domain)).join(", ");
  return `select ${standbyColumn}, id, revision as number, stamp from (select) one left join domains on id in (${ids})`;
}

/** Waits for whoever writes to the domain. */
function lock(domain: Domain): string {
  return `select id, revision as number, stamp from domains where id = ${pg.escapeLiteral(domain)} for no key update`;
}

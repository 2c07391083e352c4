import type pg from "pg";

import type { Domain } from "../../domain.ts";
import { Unavailable } from "../../errors.ts";
import type { Revision } from "../../revision.ts";
import type { Row } from "../../transaction.ts";
import { isOvertaken, translated } from "./errors.ts";
import { openingOf } from "./opening.ts";
import type { Mode } from "./opening.ts";
import { refuseStandby } from "./standby.ts";

/** How long to stay in line for a domain's row (milliseconds). */
const linePatienceMs = 5_000;

/** A connection of the pool, and its transaction. */
interface Taken {
  readonly client: pg.PoolClient;
  /** Resolves once the transaction has begun; what a read asks for is on its way by then. */
  readonly begun: Promise<void>;
}

export interface Sent {
  readonly answer: Promise<pg.QueryResult<Row>>;
}

interface Options {
  /** Whose rows a write locks, and whose revisions a read brings along. */
  readonly domains?: readonly Domain[];
  /** As opening.ts has it. */
  readonly onlyFree?: boolean;
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
export class Session {
  readonly #pool: pg.Pool;
  readonly #mode: Mode;
  readonly #wanted: Set<Domain>;
  readonly #onlyFree: boolean;
  #taken: Promise<Taken> | undefined;
  /** What came with the begin, and what a write has raised since. */
  readonly #revisions = new Map<Domain, Revision>();
  /** Why the connection must not go back to the pool. */
  #broken: Error | undefined;

  constructor(pool: pg.Pool, mode: Mode, { domains = [], onlyFree = false }: Options = {}) {
    this.#pool = pool;
    this.#mode = mode;
    this.#wanted = new Set(domains);
    this.#onlyFree = onlyFree;
  }

  /** Whether the snapshot is taken. */
  get begun(): boolean {
    return this.#taken !== undefined;
  }

  /** Whether the transaction can go on, whatever became of a statement. */
  get works(): boolean {
    return this.#broken === undefined;
  }

  /** Makes a begin that is still to come bring the revision of a domain along. */
  comesWithBegin(domain: Domain): void {
    if (!this.begun) this.#wanted.add(domain);
  }

  /** Whether the begin brings, or has brought, the revision of a domain. */
  awaits(domain: Domain): boolean {
    return this.#wanted.has(domain);
  }

  /** The revision that came with the begin, and of a locked domain that to which it was raised since. */
  revisionOf(domain: Domain): Revision | undefined {
    return this.#revisions.get(domain);
  }

  /** That of a domain whose row is locked. */
  readonly lockedRevision = (domain: Domain): Revision | undefined => {
    return this.#mode === "write" ? this.#revisions.get(domain) : undefined;
  };

  /** What a locked domain will have with the commit. */
  raiseTo(domain: Domain, revision: Revision): void {
    this.#revisions.set(domain, revision);
  }

  /** Begins, where it is not yet begun, and locks. */
  async begin(): Promise<void> {
    await (
      await (this.#taken ??= this.#take())
    ).begun;
  }

  /**
   * Resolves once the query is on its way. Queries go in the order in which they were asked for, the commit among them.
   * @throws what the transaction could not begin for; the answer, what the query failed with, in pg's words
   */
  async send(query: pg.QueryConfig): Promise<Sent> {
    const { client, begun } = await (this.#taken ??= this.#take());
    // A write must not reach a server on which its transaction has not begun: there it would be committed by itself.
    if (this.#mode !== "read") await begun;
    const answered = this.#watching(() => client.query<Row>(query));
    return { answer: Promise.all([answered, begun]).then(([result]) => result) };
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
    try {
      const { command } = await answer;
      if (command !== "COMMIT") throw new Error("the transaction went on after a failed statement and was rolled back");
    } catch (error) {
      throw translated(error);
    }
  }

  /**
   * Gives up the transaction; never fails.
   * @param error why: a connection that leads to where nothing can be done is not used again
   */
  async rollback(error: unknown): Promise<void> {
    if (error instanceof Unavailable) this.#broken ??= error;
    if (this.#broken !== undefined) return;
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
      (await this.#taken)?.client.release(this.#broken);
    } catch {
      // There never was a connection: whoever asked for it was told why.
    }
  }

  /** Ends the transaction behind all that was asked for. @returns null where there is none */
  async #end(how: "commit" | "rollback"): Promise<Sent | null> {
    return this.#taken === undefined || this.#mode === "single" ? null : this.send({ text: how });
  }

  async #take(): Promise<Taken> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translated(error);
    }
    const opening = openingOf(this.#mode, { domains: [...this.#wanted], onlyFree: this.#onlyFree });
    const begun = opening === null ? Promise.resolve() : this.#begin(client, opening);
    // Who asks for something is told why.
    begun.catch((error: Error) => (this.#broken ??= error));
    return { client, begun };
  }

  async #begin(client: pg.PoolClient, opening: string): Promise<void> {
    try {
      await this.#watching(() => this.#open(client, opening));
    } catch (error) {
      throw translated(error);
    }
  }

  async #open(client: pg.PoolClient, opening: string): Promise<void> {
    const late = performance.now() + linePatienceMs;
    for (let message = opening; ; message = `rollback; ${opening}`) {
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

  /** An error with an SQLSTATE came over a connection that works; anything else leaves it in doubt. */
  async #watching<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await query();
    } catch (error) {
      if ((error as { severity?: string }).severity !== "ERROR") this.#broken = error as Error;
      throw error;
    }
  }
}

interface BeginRow extends Revision {
  readonly id: Domain | null;
  readonly standby?: boolean;
}

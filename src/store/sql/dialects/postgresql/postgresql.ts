import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type pg from "pg";

import type { Clock } from "../../../../clock/clock.ts";
import * as revisions from "../../revisions.ts";
import type { Database, GlanceOptions, OpenOptions, WriteOptions } from "../../database.ts";
import { domainOf } from "../../change.ts";
import { accountDomain } from "../../domain.ts";
import type { Domain } from "../../domain.ts";
import { Contention, Unavailable } from "../../errors.ts";
import type { Eventual } from "../../eventual.ts";
import { migrate } from "../../migrations/migrate.ts";
import { OwnCommits } from "../../own-commits.ts";
import type { Revision } from "../../revision.ts";
import type { Tx } from "../../transaction.ts";
import { connection, pending, Transaction } from "../../transaction.ts";
import { CoalescedRevisions } from "./coalesced-revisions.ts";
import { PostgresqlConnection } from "./connection.ts";
import { isContention } from "./errors.ts";
import { KnownRevisions } from "./known-revisions.ts";
import { lockForMigration, migrationPatienceMs } from "./migration-lock.ts";
import type { Mode } from "./opening.ts";
import { migrationPoolOf, poolOf } from "./pool.ts";
import { checkPrimary, revisionsOf } from "./revisions.ts";
import { Session } from "./session.ts";
import { checkServer, explained } from "./start.ts";
import { runBatch } from "./write-batch.ts";
import { WriteLine } from "./write-line.ts";
import type { Company } from "./write-line.ts";

/**
 * Whoever loses tries again as often as this, and for as long: nodes that write to one account beside each other lose
 * often when transactions are slow, and a count alone would give up within half a second.
 */
const leastAttempts = 10;
const contentionPatienceMs = 5_000;
/** Opens a database on a PostgreSQL server. @param url `postgresql://user:password@host:port/database` */
export async function openPostgresql(url: string, clock: Clock, options: OpenOptions): Promise<Database> {
  const { maxConnections = 10 } = options;
  const database = new PostgresqlDatabase(poolOf(url, maxConnections), poolOf(url, 1), clock);
  try {
    await database.prepare(url, options);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface RunOptions {
  readonly pool?: pg.Pool;
  /** Whose revision comes with the begin of a read. */
  readonly domain?: Domain | undefined;
  /** As GlanceOptions has it. */
  readonly asOf?: number | undefined;
  /** Told the first domain that the work wrote to, where it fails. */
  readonly touched?: (domain: Domain) => void;
}

class PostgresqlDatabase implements Database {
  readonly dialect = "postgresql" as const;
  readonly shared = true;
  readonly #pool: pg.Pool;
  /** Revisions have a connection of their own: every request needs one, whatever the others wait for. */
  readonly #revisionPool: pg.Pool;
  readonly #clock: Clock;
  readonly #line: WriteLine;
  readonly #ownCommits = new OwnCommits();
  readonly #revisions: CoalescedRevisions;
  #closing: Promise<unknown> | undefined;

  constructor(pool: pg.Pool, revisionPool: pg.Pool, clock: Clock) {
    this.#pool = pool;
    this.#revisionPool = revisionPool;
    this.#clock = clock;
    this.#line = new WriteLine((batch) => runBatch({ pool, clock, ownCommits: this.#ownCommits }, batch));
    this.#revisions = new CoalescedRevisions((domains) =>
      this.#run("single", (tx) => revisionsOf(tx[connection], domains), { pool: this.#revisionPool }),
    );
  }

  /** Brings the database to this version's schema, on connections that are not held to the timeouts of requests. */
  async prepare(url: string, { onWait = () => undefined, migrationPatience = migrationPatienceMs }: OpenOptions) {
    const pool = migrationPoolOf(url);
    try {
      const client = await pool.connect();
      try {
        await checkServer(client);
        await lockForMigration(client, onWait, migrationPatience);
        await this.#retrying(() => this.#run("write", (tx) => migrate(tx, this.#clock.now()), { pool }));
      } finally {
        // Ending the session lets go of the lock.
        client.release(true);
      }
    } catch (error) {
      throw explained(error, url);
    } finally {
      await pool.end();
    }
    await this.health();
  }

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.glance(work);
  }

  glance<T>(work: (tx: Tx) => Eventual<T>, { account, asOf }: GlanceOptions = {}): Promise<T> {
    const domain = account === undefined ? undefined : accountDomain(account);
    return this.#retrying(() => this.#run("read", async (tx) => work(tx), { domain, asOf }));
  }

  write<T>(work: (tx: Tx) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { account, isolation } = options;
    if (isolation === "read committed") return this.#retrying(() => this.#run("write committed", work));
    let domain = account === undefined ? undefined : accountDomain(account);
    let company: Company = "any";
    return this.#retrying(async () => {
      if (this.#closing !== undefined) throw closed();
      if (domain === undefined) return this.#run("write", work, { touched: (found) => (domain = found) });
      const mayBeWith = company;
      company = "none";
      return this.#line.write(domain, work, mayBeWith);
    });
  }

  async revision(domain: Domain): Promise<Revision> {
    return (await this.#revisions.read([domain])).get(domain)!;
  }

  revisions(domains: readonly Domain[]): Eventual<ReadonlyMap<Domain, Revision>> {
    return this.#revisions.read(domains);
  }

  async health(): Promise<void> {
    await this.#run("single", (tx) => checkPrimary(tx[connection]));
  }

  async close(): Promise<void> {
    await (this.#closing ??= Promise.all([this.#pool.end(), this.#revisionPool.end()]));
  }

  async #run<T>(mode: Mode, work: (tx: Tx) => Promise<T>, options: RunOptions = {}): Promise<T> {
    const { pool = this.#pool, domain, asOf, touched } = options;
    if (this.#closing !== undefined) throw closed();
    const session = new Session(pool, mode, { domains: domain === undefined ? [] : [domain] });
    const target = new PostgresqlConnection(session);
    const writable = mode === "write" || mode === "write committed";
    const known = new KnownRevisions(
      session,
      mode === "read" ? (domains) => this.#revisions.read(domains, asOf) : null,
    );
    const parts = { writable, connection: target, clock: this.#clock, ownCommits: this.#ownCommits };
    const tx = new Transaction(parts, known.revision, known.read);
    try {
      const result = await work(tx);
      await revisions.raise(tx);
      target.end();
      const committed = session.commit();
      committed.catch(() => undefined);
      // A statement that failed says why; the commit only that it did not happen.
      await revisions.settled(tx);
      await committed;
      return result;
    } catch (error) {
      const first = tx[pending][0];
      if (first !== undefined) touched?.(domainOf(first));
      target.end();
      await session.rollback(error);
      throw error;
    } finally {
      await session.release();
    }
  }

  async #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    let began = 0;
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isContention(error)) throw error;
        if (began === 0) began = performance.now();
        const patient = performance.now() - began < contentionPatienceMs;
        if (tries >= leastAttempts && !patient) throw new Contention({ cause: error });
        // Full jitter, so that two that collided do not collide again.
        await sleep(randomInt(Math.min(200, 2 ** tries) * 1000) / 1000);
      }
    }
  }
}

function closed(): Unavailable {
  return new Unavailable("the database is closed");
}

import pg from "pg";

import { gatherWrites } from "./gather-writes.ts";

const connectTimeoutMs = 5_000;
/** No statement of the store takes long; one that does hangs on something broken. */
const statementTimeoutMs = 10_000;
/**
 * What the server holds every session to, so that a node that stands still, or is cut off, holds up the others no longer
 * than this: its transaction ends, and with it its locks and what SERIALIZABLE remembers for its sake. A node that works
 * goes from one statement to the next in milliseconds. Waiting for a lock lasts longer than the one who holds it may
 * stand still.
 */
const session: Readonly<Record<string, string>> = {
  synchronous_commit: "on",
  idle_in_transaction_session_timeout: "3s",
  lock_timeout: "5s",
  statement_timeout: `${statementTimeoutMs}ms`,
  tcp_keepalives_idle: "10s",
  tcp_keepalives_interval: "5s",
  tcp_keepalives_count: "3",
  tcp_user_timeout: "10s",
  // A sequential scan in a SERIALIZABLE transaction locks the whole table: accounts would abort each other (PostgreSQL
  // manual, "Serializable Isolation Level"). The planner prefers one in any small table.
  enable_seqscan: "off",
  // A plan that is "off" is so dear to the planner that it would compile it.
  jit: "off",
};

const int8 = 20;
const numeric = 1700;

/** Connections for the store's own statements. */
export function poolOf(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...common(url),
    max,
    // What is asked together goes together: a round trip for all of it.
    pipeline: true,
    // The server's own timeout answers first, with a word of what it was.
    query_timeout: statementTimeoutMs + connectTimeoutMs,
    allowExitOnIdle: true,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
  });
  pool.on("connect", (client) => gatherWrites(client.connection.stream));
  return listening(pool);
}

/** For a migration alone and the lock beside it: both last as long as they last. */
export function migrationPoolOf(url: string): pg.Pool {
  return listening(new pg.Pool({ ...common(url), max: 2 }));
}

/** An idle connection that is lost is replaced by the next one; without a listener the process would end. */
function listening(pool: pg.Pool): pg.Pool {
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** What all connections have in common. */
function common(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "rolecall",
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  };
}

/** 64-bit integers, counts and sums as numbers: everything the store keeps is far below 2^53. */
function parserOf(oid: number, format?: "text" | "binary"): unknown {
  return oid === int8 || oid === numeric ? exactNumber : pg.types.getTypeParser(oid, format as "text");
}

function exactNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond exact numbers`);
  return value;
}

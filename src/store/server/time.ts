/** The time that all nodes of a database agree on. */
import { sql } from "kysely";
import { read } from "../sql/query.ts";
import type { Tx } from "../sql/transaction.ts";
import { clock, connection } from "../sql/transaction.ts";

const selectTime = read<Record<string, never>, { now: number }>(
  // clock_timestamp() goes on inside a transaction, now() is when it began (PostgreSQL manual, 9.9.5).
  () => sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as "now"`,
);

/** Whether the database has no clock but this process's own. */
export function keepsOwnTime(tx: Tx): boolean {
  return tx[connection].dialect === "sqlite" || tx[clock].universal === true;
}

/** What the database's clock says: PostgreSQL's, or this process's own on SQLite. Milliseconds since the epoch. */
export async function databaseTime(tx: Tx): Promise<number> {
  return keepsOwnTime(tx) ? tx[clock].now() : (await selectTime.one(tx, {}))!.now;
}

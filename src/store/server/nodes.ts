/** The processes that use a database: until when each is counted on, and which ring keys it has. */
import { sql } from "kysely";
import { read, unversioned, write } from "../sql/query.ts";
import type { NodeRecord } from "../records.ts";
import type { Tx } from "../sql/transaction.ts";
import { connection } from "../sql/transaction.ts";

type Row = {
  id: string;
  name: string;
  masterKeySource: string;
  startedAt: number;
  expiresAt: number;
  ringKeys: string;
  clockDeviation: number;
};

const upsert = write((db, p: Row) =>
  db
    .insertInto("nodes")
    .values({
      id: p.id,
      name: p.name,
      master_key_source: p.masterKeySource,
      started_at: p.startedAt,
      expires_at: p.expiresAt,
      ring_keys: p.ringKeys,
      clock_deviation: p.clockDeviation,
    })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({
        expires_at: p.expiresAt,
        ring_keys: p.ringKeys,
        clock_deviation: p.clockDeviation,
      }),
    ),
);
const updateExpiry = write((db, p: { id: string; at: number }) =>
  db.updateTable("nodes").set({ expires_at: p.at }).where("id", "=", p.id),
);
const selectSince = read((db, p: { after: number }) =>
  db.selectFrom("nodes").selectAll().where("expires_at", ">", p.after).orderBy("expires_at", "desc").orderBy("id"),
);
const dropUntil = write((db, p: { until: number }) => db.deleteFrom("nodes").where("expires_at", "<=", p.until));

const countConnections = read<Record<string, never>, { count: number }>(
  () => sql<{ count: number }>`
    select count(*) as "count" from pg_stat_activity
    where datname = current_database() and application_name like 'rolecall%'
      and backend_start < (select backend_start from pg_stat_activity where pid = pg_backend_pid())`,
);

/**
 * How many connections of rolecall to this database are older than this one: nodes of any version, those that stand still
 * as well. None on SQLite, whose directory has one owner.
 */
export async function olderConnections(tx: Tx): Promise<number> {
  if (tx[connection].dialect === "sqlite") return 0;
  return (await countConnections.one(tx, {}))!.count;
}

/** Notes that a node is there until `expiresAt`, with the keys it has. */
export async function renew(tx: Tx, node: NodeRecord): Promise<void> {
  await upsert.run(tx, unversioned, { ...node, ringKeys: [...node.ringKeys].join(" ") });
}

/** The node is not counted on any more. @param at the database's time; its row stays for a while, for people */
export async function leave(tx: Tx, id: string, at: number): Promise<void> {
  await updateExpiry.run(tx, unversioned, { id, at });
}

/** The nodes that are counted on after that moment of the database's time; who was seen last comes first. */
export async function countedOn(tx: Tx, after: number): Promise<NodeRecord[]> {
  return (await selectSince.all(tx, { after })).map((row) => ({
    id: row.id,
    name: row.name,
    masterKeySource: row.master_key_source,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    ringKeys: new Set(row.ring_keys.split(" ")),
    clockDeviation: row.clock_deviation,
  }));
}

/** Forgets nodes that have been gone since then. */
export async function forget(tx: Tx, until: number): Promise<void> {
  await dropUntil.run(tx, unversioned, { until });
}

/** The processes that use a database: until when each is counted on, and which ring keys it has. */
import { sql } from "kysely";
import { read as anyRead, unversioned } from "../sql/query.ts";
import { integer, key, text } from "../sql/table/column.ts";
import type { Column } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { updater, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import { connection } from "../sql/transaction.ts";

const words: Column<string, ReadonlySet<string>> = {
  ...text,
  toRecord: (stored) => new Set(stored.split(" ")),
  toRow: (set) => [...set].join(" "),
};

const members = {
  /** Of this run of the process. */
  id: key,
  /** For people: machine and process. */
  name: text,
  /** Where it has the master key from, for people. */
  masterKeySource: text,
  startedAt: integer,
  /** Until when it is counted on, unless it says so again. */
  expiresAt: integer,
  /** The keys of both rings that it has, `RING/ID`. */
  ringKeys: words,
  /** How far its clock is ahead of the database's, in milliseconds. */
  clockDeviation: integer,
};
export const nodes = table("nodes", members);

/** A process that uses the database, as it said of itself. Times are the database's. */
export type NodeRecord = RecordOf<typeof members>;

const { read, write } = queriesOf(nodes);
const upsert = upserter(nodes, ["id"], ["expiresAt", "ringKeys", "clockDeviation"]);
const change = updater(nodes, "id");
const selectSince = read((db, p: { after: number }, dialect) =>
  nodes.selectFrom(db, dialect).where("expires_at", ">", p.after).orderBy("expires_at", "desc").orderBy("id"),
);
const dropUntil = write((db, p: { until: number }) => db.deleteFrom("nodes").where("expires_at", "<=", p.until));

const countConnections = anyRead<Record<string, never>, { count: number }>(
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
  await upsert(tx, unversioned, node);
}

/** The node is not counted on any more. @param at the database's time; its row stays for a while, for people */
export async function leave(tx: Tx, id: string, at: number): Promise<void> {
  await change(tx, unversioned, { id }, { expiresAt: at });
}

/** The nodes that are counted on after that moment of the database's time; who was seen last comes first. */
export async function countedOn(tx: Tx, after: number): Promise<NodeRecord[]> {
  return (await selectSince.all(tx, { after })).map(nodes.record);
}

/** Forgets nodes that have been gone since then. */
export async function forget(tx: Tx, until: number): Promise<void> {
  await dropUntil.run(tx, unversioned, { until });
}

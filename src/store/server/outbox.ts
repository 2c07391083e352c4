/** Trail records committed with their change, waiting to be written to the trail. */
import type { Database } from "../sql/database.ts";
import { inJsonList } from "../sql/fragments.ts";
import { unversioned } from "../sql/query.ts";
import { generated, integer, key, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { deferredInserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  sequence: generated(integer),
  eventId: key,
  account: key,
  at: integer,
  /** The public record, JSON text. */
  record: text,
  /** What only the operator may see, JSON text. */
  private: text,
};
export const outbox = table("outbox", members);

/** A trail record that is committed with its change and waits to be written to the trail. */
export type OutboxRecord = RecordOf<typeof members>;

const { read, write } = queriesOf(outbox);
const insert = deferredInserter(outbox);

const selectOldest = read((db, p: { limit: number }, dialect) => {
  const oldest = outbox.selectFrom(db, dialect).orderBy("sequence").limit(p.limit);
  // Several nodes empty one outbox: each takes rows that no other holds.
  return dialect === "postgresql" ? oldest.forUpdate().skipLocked() : oldest;
});
const drop = write((db, p: { ids: string }, dialect) =>
  db.deleteFrom("outbox").where(inJsonList(dialect, "event_id", p.ids)),
);

/** An event that is there already fails the commit. */
export function append(tx: Tx, record: OutboxRecord): void {
  insert(tx, record);
}

/**
 * Hands the oldest records to `keep`, and removes them once it has kept them: a record may be kept twice after a crash,
 * never lost. Several nodes empty one outbox: on PostgreSQL each holds the rows it takes until they are gone. SQLite has
 * one owner, and nothing may wait for a file inside its transactions.
 *
 * @returns how many there were
 */
export async function drain(
  database: Database,
  limit: number,
  keep: (records: readonly OutboxRecord[]) => Promise<void>,
): Promise<number> {
  const kept = async (records: readonly OutboxRecord[]): Promise<string[]> => {
    if (records.length > 0) await keep(records);
    return records.map((record) => record.eventId);
  };
  if (database.dialect === "postgresql") {
    const work = async (tx: Tx): Promise<number> => {
      const ids = await kept(await oldest(tx, limit));
      await remove(tx, ids);
      return ids.length;
    };
    return database.write(work, { isolation: "read committed" });
  }
  const ids = await kept(await database.read((tx) => oldest(tx, limit)));
  if (ids.length > 0) await database.write((tx) => remove(tx, ids));
  return ids.length;
}

async function oldest(tx: Tx, limit: number): Promise<OutboxRecord[]> {
  return (await selectOldest.all(tx, { limit })).map(outbox.record);
}

async function remove(tx: Tx, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length > 0) await drop.run(tx, unversioned, { ids: JSON.stringify(eventIds) });
}

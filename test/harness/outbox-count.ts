import { read } from "../../src/store/sql/query.ts";
import type { Tx } from "../../src/store/sql/transaction.ts";

const selectCount = read((db) => db.selectFrom("outbox").select((eb) => eb.fn.countAll<number>().as("count")));

/** Trail records that are committed with their change and not yet in the trail. */
export async function outboxCount(tx: Tx): Promise<number> {
  return (await selectCount.one(tx, {}))!.count;
}

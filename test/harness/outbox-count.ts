import { sql } from "kysely";

import { read } from "../../src/store/sql/query.ts";
import type { Tx } from "../../src/store/sql/transaction.ts";

const selectCount = read(() => sql<{ count: number }>`select count(*) as "count" from "outbox"`);

/** Trail records that are committed with their change and not yet in the trail. */
export async function outboxCount(tx: Tx): Promise<number> {
  return (await selectCount.one(tx, {}))!.count;
}

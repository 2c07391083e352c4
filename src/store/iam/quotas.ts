/** Counters of what an account has, changed conditionally in the transaction that adds or removes the thing. */
import { integer, key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { table } from "../sql/table/table.ts";
import { unversioned } from "../sql/query.ts";
import type { Tx } from "../sql/transaction.ts";

export const quotas = table("quotas", {
  account: key,
  name: key,
  used: integer,
});
const { read, write } = queriesOf(quotas);

const increment = write((db, p: { account: string; name: string; limit: number }) =>
  db
    .insertInto("quotas")
    .values({ account: p.account, name: p.name, used: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(["account", "name"])
        .doUpdateSet((eb) => ({ used: eb("quotas.used", "+", 1) }))
        .where("quotas.used", "<", p.limit),
    ),
);
const decrement = write((db, p: { account: string; name: string }) =>
  db
    .updateTable("quotas")
    .set((eb) => ({ used: eb("used", "-", 1) }))
    .where("account", "=", p.account)
    .where("name", "=", p.name)
    .where("used", ">", 0),
);
const selectAll = read((db, p: { account: string }) =>
  db.selectFrom("quotas").select(["name", "used"]).where("account", "=", p.account).orderBy("name"),
);

/**
 * Counts one more if fewer than `limit` are counted.
 * @param name of the quota, e.g. `users`, or `versions/ANPA…` for one owner's
 * @returns false when the limit is reached; then nothing changed
 */
export async function take(tx: Tx, account: string, name: string, limit: number): Promise<boolean> {
  if (limit < 1) return false;
  return (await increment.run(tx, unversioned, { account, name, limit })) > 0;
}

/** Counts one less; never below none. */
export async function release(tx: Tx, account: string, name: string): Promise<void> {
  await decrement.run(tx, unversioned, { account, name });
}

/** Every counter of an account by name; a missing name counts none. */
export async function all(tx: Tx, account: string): Promise<Map<string, number>> {
  return new Map((await selectAll.all(tx, { account })).map((row) => [row.name, row.used]));
}

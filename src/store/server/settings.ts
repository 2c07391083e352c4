/** The server's own state, by key: e.g. the id of the first account. */
import { read, unversioned, write } from "../sql/query.ts";
import type { Tx } from "../sql/transaction.ts";

const selectOne = read((db, p: { key: string }) => db.selectFrom("settings").select("value").where("key", "=", p.key));
const upsert = write((db, p: { key: string; value: string }) =>
  db
    .insertInto("settings")
    .values({ key: p.key, value: p.value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: p.value })),
);

export async function get(tx: Tx, key: string): Promise<string | null> {
  return (await selectOne.one(tx, { key }))?.value ?? null;
}

export async function set(tx: Tx, key: string, value: string): Promise<void> {
  await upsert.run(tx, unversioned, { key, value });
}

/** The server's own state, by key: e.g. the id of the first account. */
import { unversioned } from "../sql/query.ts";
import { key as keyColumn, text } from "../sql/table/column.ts";
import { finder, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Tx } from "../sql/transaction.ts";

export const settings = table("settings", { key: keyColumn, value: text });

const find = finder(settings, "key");
const upsert = upserter(settings, ["key"], ["value"]);

export async function get(tx: Tx, key: string): Promise<string | null> {
  return (await find(tx, { key }))?.value ?? null;
}

export async function set(tx: Tx, key: string, value: string): Promise<void> {
  await upsert(tx, unversioned, { key, value });
}

/** Inline policies of users, groups and roles. */
import { NotFound } from "../sql/errors.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { following, integer, key, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, remover, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";

const members = {
  ownerId: key,
  account: key,
  name: text,
  nameKey: following(key, "name", nameKey),
  document: text,
  /** Characters without white space, as the quota counts them. */
  size: integer,
};
export const inlinePolicies = table("inline_policies", members);

export type InlinePolicy = Pick<RecordOf<typeof members>, "name" | "document">;

const { read } = queriesOf(inlinePolicies);
const find = finder(inlinePolicies, "ownerId", "nameKey");
const upsert = upserter(inlinePolicies, ["ownerId", "nameKey"], ["document", "size"]);
const drop = remover(inlinePolicies, "ownerId", "account", "nameKey");

const selectNames = read((db, p: { owner: string; after: string; limit: number }) =>
  db
    .selectFrom("inline_policies")
    .select("name")
    .where("owner_id", "=", p.owner)
    .where("name_key", ">", p.after)
    .orderBy("name_key")
    .limit(p.limit),
);
const selectTotals = read((db, p: { owner: string }) =>
  db
    .selectFrom("inline_policies")
    .select([
      (eb) => eb.fn.countAll<number>().as("count"),
      (eb) => eb.fn.coalesce(eb.fn.sum<number>("size"), eb.lit(0)).as("size"),
    ])
    .where("owner_id", "=", p.owner),
);

/**
 * Puts a policy in place of one of the same name in any case, whose spelling stays.
 * @throws NotFound when there is no such owner
 */
export async function put(
  tx: Tx,
  owner: Ref,
  policy: Pick<RecordOf<typeof members>, "name" | "document" | "size">,
): Promise<void> {
  const { name, document, size } = policy;
  await upsert(tx, change(owner), { ownerId: owner.id, account: owner.account, name, document, size });
}

export async function get(tx: Tx, owner: Pick<Ref, "id">, name: string): Promise<InlinePolicy | null> {
  const policy = await find(tx, { ownerId: owner.id, nameKey: nameKey(name) });
  return policy === null ? null : { name: policy.name, document: policy.document };
}

/** @throws NotFound */
export async function remove(tx: Tx, owner: Ref, name: string): Promise<void> {
  const found = { ownerId: owner.id, account: owner.account, nameKey: nameKey(name) };
  const count = await drop(tx, change(owner), found);
  if (count === 0) throw new NotFound("inline-policy", name);
}

/** By name; `pathPrefix` does not apply. */
export async function names(tx: Tx, owner: Pick<Ref, "id">, page: Omit<Page, "pathPrefix">): Promise<string[]> {
  const { after, limit } = pageParameters(page);
  return (await selectNames.all(tx, { owner: owner.id, after, limit })).map((row) => row.name);
}

/** How many there are and how many characters they have together, white space not counted. */
export async function totals(tx: Tx, owner: Pick<Ref, "id">): Promise<{ count: number; size: number }> {
  const row = await selectTotals.one(tx, { owner: owner.id });
  return { count: row!.count, size: row!.size };
}

/** The owner is what changes: its permissions do. */
function change(owner: Ref): Change {
  return { account: owner.account, kind: "inline-policies", id: owner.id };
}

/** Inline policies of users, groups and roles. */
import { NotFound } from "../sql/errors.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import { read, write } from "../sql/query.ts";
import type { InlinePolicy, Page, Ref } from "../records.ts";
import type { Change, Tx } from "../sql/transaction.ts";

const selectOne = read((db, p: { owner: string; key: string }) =>
  db
    .selectFrom("inline_policies")
    .select(["name", "document"])
    .where("owner_id", "=", p.owner)
    .where("name_key", "=", p.key),
);
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
const upsert = write(
  (db, p: { owner: string; account: string; name: string; key: string; document: string; size: number }) =>
    db
      .insertInto("inline_policies")
      .values({
        owner_id: p.owner,
        account: p.account,
        name: p.name,
        name_key: p.key,
        document: p.document,
        size: p.size,
      })
      .onConflict((conflict) =>
        conflict.columns(["owner_id", "name_key"]).doUpdateSet({ document: p.document, size: p.size }),
      ),
);
const drop = write((db, p: { owner: string; account: string; key: string }) =>
  db
    .deleteFrom("inline_policies")
    .where("owner_id", "=", p.owner)
    .where("account", "=", p.account)
    .where("name_key", "=", p.key),
);

/**
 * Puts a policy in place of one of the same name in any case, whose spelling stays.
 * @param policy `size`: its characters without white space, as the quota counts them
 * @throws NotFound when there is no such owner
 */
export async function put(tx: Tx, owner: Ref, policy: InlinePolicy & { readonly size: number }): Promise<void> {
  await upsert.run(tx, change(owner), {
    owner: owner.id,
    account: owner.account,
    name: policy.name,
    key: nameKey(policy.name),
    document: policy.document,
    size: policy.size,
  });
}

export async function get(tx: Tx, owner: Pick<Ref, "id">, name: string): Promise<InlinePolicy | null> {
  const row = await selectOne.one(tx, { owner: owner.id, key: nameKey(name) });
  return row === undefined ? null : { name: row.name, document: row.document };
}

/** @throws NotFound */
export async function remove(tx: Tx, owner: Ref, name: string): Promise<void> {
  const count = await drop.run(tx, change(owner), { owner: owner.id, account: owner.account, key: nameKey(name) });
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

/** Tags of users, roles, managed policies: a key is unique regardless of case, and keeps the case it was given. */
import { inJsonList } from "../sql/fragments.ts";
import { nameKey } from "../sql/names.ts";
import { read, write } from "../sql/query.ts";
import type { Ref, Tag } from "../records.ts";
import { jsonList } from "../sql/storable.ts";
import type { Change, Tx } from "../sql/transaction.ts";

const selectAll = read((db, p: { owner: string }) =>
  db.selectFrom("tags").select(["key", "value"]).where("owner_id", "=", p.owner).orderBy("key_key"),
);
const upsert = write((db, p: { owner: string; account: string; key: string; keyKey: string; value: string }) =>
  db
    .insertInto("tags")
    .values({ owner_id: p.owner, account: p.account, key: p.key, key_key: p.keyKey, value: p.value })
    .onConflict((conflict) => conflict.columns(["owner_id", "key_key"]).doUpdateSet({ key: p.key, value: p.value })),
);
const dropKeys = write((db, p: { owner: string; account: string; keys: string }, dialect) =>
  db
    .deleteFrom("tags")
    .where("owner_id", "=", p.owner)
    .where("account", "=", p.account)
    .where(inJsonList(dialect, "key_key", p.keys)),
);
const dropAll = write((db, p: { owner: string; account: string }) =>
  db.deleteFrom("tags").where("owner_id", "=", p.owner).where("account", "=", p.account),
);

/** Adds tags; a key that exists in any case takes the new case and value. @throws NotFound when there is no such owner */
export async function put(tx: Tx, owner: Ref, tags: readonly Tag[]): Promise<void> {
  for (const { key, value } of tags) {
    await upsert.run(tx, change(owner), {
      owner: owner.id,
      account: owner.account,
      key,
      keyKey: nameKey(key),
      value,
    });
  }
}

/** Removes tags by key, regardless of case; a key that is not there is no error. */
export async function remove(tx: Tx, owner: Ref, keys: readonly string[]): Promise<void> {
  await dropKeys.run(tx, change(owner), {
    owner: owner.id,
    account: owner.account,
    keys: jsonList(keys.map(nameKey)),
  });
}

/** Removes every tag of an owner that is about to be removed itself. */
export async function removeAll(tx: Tx, owner: Ref): Promise<void> {
  await dropAll.run(tx, change(owner), { owner: owner.id, account: owner.account });
}

/** Ordered by key, regardless of case. */
export async function list(tx: Tx, owner: Pick<Ref, "id">): Promise<Tag[]> {
  return (await selectAll.all(tx, { owner: owner.id })).map(({ key, value }) => ({ key, value }));
}

function change(owner: Ref): Change {
  return { account: owner.account, kind: "tags", id: owner.id };
}

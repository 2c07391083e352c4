/** Tags of users, roles, managed policies. A key keeps the case it was given. */
import { sql } from "kysely";

import { inJsonList } from "../sql/fragments.ts";
import { nameKey } from "../sql/names.ts";
import { jsonList } from "../sql/storable.ts";
import { key, selected, text } from "../sql/table/column.ts";
import type { Selected } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** How the keys of a kind of owner are told apart: what two keys that are one have in common. */
export type TagKeys = (key: string) => string;
export const anyCase: TagKeys = nameKey;
export const exactCase: TagKeys = (tagKey) => tagKey;

export const tags = table("tags", {
  ownerId: key,
  account: key,
  key: text,
  /** What is unique of a key: how far case counts depends on the kind of owner. */
  keyKey: key,
  value: text,
});
const { write } = queriesOf(tags);

const upsert = upserter(tags, ["ownerId", "keyKey"], ["key", "value"]);
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

const none: readonly Tag[] = [];

/** The member of an owner's record that has its tags, as one JSON text: a record and its tags are one query. */
export function tagsOf(ownerTable: string): Selected<string, readonly Tag[]> {
  const owner = sql.ref<string>(`${ownerTable}.id`);
  return selected({
    expression: (dialect) =>
      dialect === "sqlite"
        ? sql<string>`(select json_group_array(json_object('key', t."key", 'value', t."value") order by t."key_key")
        from "tags" t where t."owner_id" = ${owner})`
        : sql<string>`(select coalesce(json_agg(json_build_object('key', t."key", 'value', t."value") order by t."key_key"), '[]')
        from "tags" t where t."owner_id" = ${owner})::text`,
    toRecord: (tagsJson) => (tagsJson === "[]" ? none : (JSON.parse(tagsJson) as Tag[])),
    value: none,
  });
}

/** Adds tags; a key that exists takes the new case and value. @throws NotFound when there is no such owner */
export async function put(tx: Tx, owner: Ref, added: readonly Tag[], keys: TagKeys): Promise<void> {
  await Promise.all(
    added.map(({ key: tagKey, value }) =>
      upsert(tx, change(owner), {
        ownerId: owner.id,
        account: owner.account,
        key: tagKey,
        keyKey: keys(tagKey),
        value,
      }),
    ),
  );
}

/** Removes tags by key; a key that is not there is no error. */
export async function remove(tx: Tx, owner: Ref, removed: readonly string[], keys: TagKeys): Promise<void> {
  await dropKeys.run(tx, change(owner), {
    owner: owner.id,
    account: owner.account,
    keys: jsonList(removed.map(keys)),
  });
}

/** Removes every tag of an owner that is about to be removed itself. */
export async function removeAll(tx: Tx, owner: Ref): Promise<void> {
  await dropAll.run(tx, change(owner), { owner: owner.id, account: owner.account });
}

function change(owner: Ref): Change {
  return { account: owner.account, kind: "tags", id: owner.id };
}

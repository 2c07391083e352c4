/** Users. */
import { unversioned } from "../sql/query.ts";
import { integer, key, optional } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { anyCase, tagsOf } from "./tags.ts";

const members = {
  ...named,
  passwordLastUsedAt: optional(integer),
  boundaryArn: optional(key),
  tags: tagsOf("users"),
};

export type UserRecord = RecordOf<typeof members>;
export type NewUser = NewNamed<typeof members>;

export const { table, create, byId, byName, list, update, remove } = namedTable(
  { kind: "user", change: "user", table: "users", quota: "UsersPerAccount", tagKeys: anyCase },
  members,
);

const { write } = queriesOf(table);
const updatePasswordUsed = write((db, p: { id: string; at: number }) =>
  db.updateTable("users").set({ password_last_used_at: p.at }).where("id", "=", p.id),
);

/** No cache has it. */
export async function recordPasswordUsed(tx: Tx, user: Pick<Ref, "id">, at: number): Promise<void> {
  await updatePasswordUsed.run(tx, unversioned, { id: user.id, at });
}

/** Instance profiles: what an instance gets its role through. */
import { pageParameters } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { key, optional } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { exactCase, tagsOf } from "./tags.ts";

const members = {
  ...named,
  /** Unique id of the one role that it may have. */
  roleId: optional(key),
  tags: tagsOf("instance_profiles"),
};

export type InstanceProfileRecord = RecordOf<typeof members>;
export type NewInstanceProfile = NewNamed<typeof members>;

export const { table, create, byId, byName, list, update, remove } = namedTable(
  {
    kind: "instance-profile",
    change: null,
    table: "instance_profiles",
    quota: "InstanceProfilesPerAccount",
    tagKeys: exactCase,
  },
  members,
);

const { read } = queriesOf(table);
const selectOfRole = read((db, p: { role: string; after: string; limit: number }, dialect) =>
  table
    .selectFrom(db, dialect)
    .where("role_id", "=", p.role)
    .where("name_key", ">", p.after)
    .orderBy("name_key")
    .limit(p.limit),
);
const selectCount = read((db, p: { role: string }) =>
  db
    .selectFrom("instance_profiles")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("role_id", "=", p.role),
);

/** Those that a role is in, by name; `pathPrefix` does not apply. */
export async function ofRole(
  tx: Tx,
  role: Pick<Ref, "id">,
  page: Omit<Page, "pathPrefix">,
): Promise<InstanceProfileRecord[]> {
  const { after, limit } = pageParameters(page);
  return (await selectOfRole.all(tx, { role: role.id, after, limit })).map(table.record);
}

export async function countOfRole(tx: Tx, role: Pick<Ref, "id">): Promise<number> {
  return (await selectCount.one(tx, { role: role.id }))?.count ?? 0;
}

/** None or one. */
export async function roleCount(tx: Tx, profile: Pick<Ref, "id">): Promise<number> {
  const roleId = (await byId(tx, profile.id))?.roleId ?? null;
  return roleId === null ? 0 : 1;
}

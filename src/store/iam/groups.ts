/** Groups and who is in them. */
import { pageParameters } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { table as declared } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable } from "./named-table.ts";
import type { UserRecord } from "./users.ts";
import * as users from "./users.ts";

const groups = namedTable({ kind: "group", change: "group", table: "groups", quota: "GroupsPerAccount" }, named);

export type GroupRecord = RecordOf<typeof named>;

export const { table, create, byName, list, update, remove } = groups;

export const memberships = declared("group_members", { groupId: key, userId: key, account: key });
const { read, write } = queriesOf(table, users.table, memberships);

const selectMembers = read((db, p: { group: string; after: string; limit: number }) =>
  db
    .selectFrom("group_members")
    .innerJoin("users", "users.id", "group_members.user_id")
    .select(["users.id", "users.account", "users.name", "users.path", "users.created_at"])
    .select("users.password_last_used_at")
    .where("group_members.group_id", "=", p.group)
    .where("users.name_key", ">", p.after)
    .orderBy("users.name_key")
    .limit(p.limit),
);
const selectOfUser = read((db, p: { user: string; after: string; limit: number }, dialect) =>
  table
    .selectFrom(db, dialect)
    .innerJoin("group_members", "group_members.group_id", "groups.id")
    .where("group_members.user_id", "=", p.user)
    .where("groups.name_key", ">", p.after)
    .orderBy("groups.name_key")
    .limit(p.limit),
);
const selectMemberCount = read((db, p: { group: string }) =>
  db
    .selectFrom("group_members")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("group_id", "=", p.group),
);
const selectGroupCount = read((db, p: { user: string }) =>
  db
    .selectFrom("group_members")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", p.user),
);
const insertMember = write((db, p: { group: string; user: string; account: string }) =>
  db
    .insertInto("group_members")
    .values({ group_id: p.group, user_id: p.user, account: p.account })
    .onConflict((conflict) => conflict.doNothing()),
);
const dropMember = write((db, p: { group: string; user: string }) =>
  db.deleteFrom("group_members").where("group_id", "=", p.group).where("user_id", "=", p.user),
);

/** @returns false when the user was a member already. @throws NotFound when either is missing */
export async function addMember(tx: Tx, group: Ref, user: Ref): Promise<boolean> {
  const parameters = { group: group.id, user: user.id, account: group.account };
  return (await insertMember.run(tx, membership(group, user), parameters)) > 0;
}

/** @returns false when the user was no member */
export async function removeMember(tx: Tx, group: Ref, user: Ref): Promise<boolean> {
  return (await dropMember.run(tx, membership(group, user), { group: group.id, user: user.id })) > 0;
}

/** What a group's listing shows of a user: no tags, no boundary, as GetGroup answers. */
type MemberRecord = Omit<UserRecord, "tags" | "boundaryArn">;

/** Users of a group by name; `pathPrefix` does not apply. */
export async function members(tx: Tx, group: Pick<Ref, "id">, page: Omit<Page, "pathPrefix">): Promise<MemberRecord[]> {
  const { after, limit } = pageParameters(page);
  const rows = await selectMembers.all(tx, { group: group.id, after, limit });
  return rows.map((row) => ({ ...table.record(row), passwordLastUsedAt: row.password_last_used_at }));
}

export async function memberCount(tx: Tx, group: Pick<Ref, "id">): Promise<number> {
  return (await selectMemberCount.one(tx, { group: group.id }))?.count ?? 0;
}

/** Groups of a user by name; `pathPrefix` does not apply. */
export async function groupsOfUser(
  tx: Tx,
  user: Pick<Ref, "id">,
  page: Omit<Page, "pathPrefix">,
): Promise<GroupRecord[]> {
  const { after, limit } = pageParameters(page);
  return (await selectOfUser.all(tx, { user: user.id, after, limit })).map(table.record);
}

export async function groupCountOfUser(tx: Tx, user: Pick<Ref, "id">): Promise<number> {
  return (await selectGroupCount.one(tx, { user: user.id }))?.count ?? 0;
}

/** The user is what changes: its permissions do. */
function membership(group: Ref, user: Ref): Change {
  return { account: group.account, kind: "membership", id: user.id };
}

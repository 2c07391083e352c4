/** Groups and who is in them. */
import { refuseName, register, unregister } from "./entities.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { pathBeginsWith } from "../sql/fragments.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import { read, write } from "../sql/query.ts";
import type { GroupRecord, Page, Ref } from "../records.ts";
import type { Change, Tx } from "../sql/transaction.ts";

const columns = ["id", "account", "name", "path", "created_at"] as const;
const qualified = ["groups.id", "groups.account", "groups.name", "groups.path", "groups.created_at"] as const;

const selectById = read((db, p: { id: string }) => db.selectFrom("groups").select(columns).where("id", "=", p.id));
const selectByName = read((db, p: { account: string; key: string }) =>
  db.selectFrom("groups").select(columns).where("account", "=", p.account).where("name_key", "=", p.key),
);
const selectPage = read((db, p: { account: string; after: string; limit: number; prefix: string }) =>
  db
    .selectFrom("groups")
    .select(columns)
    .where("account", "=", p.account)
    .where("name_key", ">", p.after)
    .where(pathBeginsWith("path", p.prefix))
    .orderBy("name_key")
    .limit(p.limit),
);
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
const selectOfUser = read((db, p: { user: string; after: string; limit: number }) =>
  db
    .selectFrom("group_members")
    .innerJoin("groups", "groups.id", "group_members.group_id")
    .select(qualified)
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
const insert = write(
  (db, p: { id: string; account: string; name: string; key: string; path: string; createdAt: number }) =>
    db
      .insertInto("groups")
      .values({
        id: p.id,
        account: p.account,
        name: p.name,
        name_key: p.key,
        path: p.path,
        created_at: p.createdAt,
      })
      .onConflict((conflict) => conflict.columns(["account", "name_key"]).doNothing()),
);
const rename = write((db, p: { id: string; account: string; name: string; key: string; path: string }) =>
  db
    .updateTable("groups")
    .set({ name: p.name, name_key: p.key, path: p.path })
    .where("id", "=", p.id)
    .where("account", "=", p.account),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("groups").where("id", "=", p.id).where("account", "=", p.account),
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

/** @throws Conflict `name` when a group has the name already, regardless of case */
export async function create(tx: Tx, group: GroupRecord): Promise<GroupRecord> {
  await register(tx, "group", group);
  const count = await insert.run(tx, change(group), {
    id: group.id,
    account: group.account,
    name: group.name,
    key: nameKey(group.name),
    path: group.path,
    createdAt: group.createdAt,
  });
  if (count === 0) await refuseName(tx, "group", group, await byName(tx, group.account, group.name));
  return group;
}

/** Regardless of case. */
export async function byName(tx: Tx, account: string, name: string): Promise<GroupRecord | null> {
  const row = await selectByName.one(tx, { account, key: nameKey(name) });
  return row === undefined ? null : record(row);
}

export async function byId(tx: Tx, id: string): Promise<GroupRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

export async function list(tx: Tx, account: string, page: Page): Promise<GroupRecord[]> {
  return (await selectPage.all(tx, { account, ...pageParameters(page) })).map(record);
}

/** Gives a group another name or path; its id stays. @throws NotFound, Conflict `name` */
export async function update(tx: Tx, group: GroupRecord, to: { name?: string; path?: string }): Promise<GroupRecord> {
  const renamed = { ...group, name: to.name ?? group.name, path: to.path ?? group.path };
  const holder = await byName(tx, group.account, renamed.name);
  if (holder !== null && holder.id !== group.id) throw new Conflict("group", "name", holder.name);
  const count = await rename.run(tx, change(group), {
    id: group.id,
    account: group.account,
    name: renamed.name,
    key: nameKey(renamed.name),
    path: renamed.path,
  });
  if (count === 0) throw new NotFound("group", group.id);
  return renamed;
}

/** @throws NotFound, Conflict `dependents` while members or policies are left */
export async function remove(tx: Tx, group: Ref): Promise<void> {
  const count = await drop.run(tx, change(group), { id: group.id, account: group.account });
  if (count === 0) throw new NotFound("group", group.id);
  await unregister(tx, "group", group);
}

/** @returns false when the user was a member already. @throws NotFound when either is missing */
export async function addMember(tx: Tx, group: Ref, user: Ref): Promise<boolean> {
  const parameters = { group: group.id, user: user.id, account: group.account };
  return (await insertMember.run(tx, membership(group, user), parameters)) > 0;
}

/** @throws NotFound when the user is no member */
export async function removeMember(tx: Tx, group: Ref, user: Ref): Promise<void> {
  const count = await dropMember.run(tx, membership(group, user), { group: group.id, user: user.id });
  if (count === 0) throw new NotFound("membership", `${group.id} ${user.id}`);
}

/** What a group's listing shows of a user: no tags, no boundary, as GetGroup answers. */
export interface MemberRecord extends Ref {
  readonly name: string;
  readonly path: string;
  readonly createdAt: number;
  readonly passwordLastUsedAt: number | null;
}

/** Users of a group by name; `pathPrefix` does not apply. */
export async function members(tx: Tx, group: Pick<Ref, "id">, page: Omit<Page, "pathPrefix">): Promise<MemberRecord[]> {
  const { after, limit } = pageParameters(page);
  const rows = await selectMembers.all(tx, { group: group.id, after, limit });
  return rows.map((row) => ({ ...record(row), passwordLastUsedAt: row.password_last_used_at }));
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
  return (await selectOfUser.all(tx, { user: user.id, after, limit })).map(record);
}

export async function groupCountOfUser(tx: Tx, user: Pick<Ref, "id">): Promise<number> {
  return (await selectGroupCount.one(tx, { user: user.id }))?.count ?? 0;
}

function change(group: Ref): Change {
  return { account: group.account, kind: "group", id: group.id };
}

/** The user is what changes: its permissions do. */
function membership(group: Ref, user: Ref): Change {
  return { account: group.account, kind: "membership", id: user.id };
}

function record(row: { id: string; account: string; name: string; path: string; created_at: number }): GroupRecord {
  return { id: row.id, account: row.account, name: row.name, path: row.path, createdAt: row.created_at };
}

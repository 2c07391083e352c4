/** Users. */
import type { Kysely } from "kysely";

import { refuseName, register, unregister } from "./entities.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { parseTags, pathBeginsWith, tagsJson } from "../sql/fragments.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import { read, write } from "../sql/query.ts";
import type { NewUser, Page, Ref, UserRecord } from "../records.ts";
import type { Schema } from "../sql/schema.ts";
import * as tags from "./tags.ts";
import type { Change, Dialect, Tx } from "../sql/transaction.ts";

function selection(db: Kysely<Schema>, dialect: Dialect) {
  return db
    .selectFrom("users")
    .select(["id", "account", "name", "path", "created_at", "password_last_used_at", "boundary_arn"])
    .select(tagsJson(dialect, "users.id").as("tags"));
}

const selectById = read((db, p: { id: string }, dialect) => selection(db, dialect).where("id", "=", p.id));
const selectByName = read((db, p: { account: string; key: string }, dialect) =>
  selection(db, dialect).where("account", "=", p.account).where("name_key", "=", p.key),
);
const selectPage = read((db, p: { account: string; after: string; limit: number; prefix: string }, dialect) =>
  selection(db, dialect)
    .where("account", "=", p.account)
    .where("name_key", ">", p.after)
    .where(pathBeginsWith("users.path", p.prefix))
    .orderBy("name_key")
    .limit(p.limit),
);
const insert = write(
  (
    db,
    p: {
      id: string;
      account: string;
      name: string;
      key: string;
      path: string;
      createdAt: number;
      boundaryArn: string | null;
    },
  ) =>
    db
      .insertInto("users")
      .values({
        id: p.id,
        account: p.account,
        name: p.name,
        name_key: p.key,
        path: p.path,
        created_at: p.createdAt,
        password_last_used_at: null,
        boundary_arn: p.boundaryArn,
      })
      .onConflict((conflict) => conflict.columns(["account", "name_key"]).doNothing()),
);
const rename = write((db, p: { id: string; account: string; name: string; key: string; path: string }) =>
  db
    .updateTable("users")
    .set({ name: p.name, name_key: p.key, path: p.path })
    .where("id", "=", p.id)
    .where("account", "=", p.account),
);
const updateBoundary = write((db, p: { id: string; account: string; boundaryArn: string | null }) =>
  db.updateTable("users").set({ boundary_arn: p.boundaryArn }).where("id", "=", p.id).where("account", "=", p.account),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("users").where("id", "=", p.id).where("account", "=", p.account),
);

/** @throws Conflict `name` when a user has the name already, regardless of case */
export async function create(tx: Tx, user: NewUser): Promise<UserRecord> {
  await register(tx, "user", user);
  const boundaryArn = user.boundaryArn ?? null;
  const count = await insert.run(tx, change(user), {
    id: user.id,
    account: user.account,
    name: user.name,
    key: nameKey(user.name),
    path: user.path,
    createdAt: user.createdAt,
    boundaryArn,
  });
  if (count === 0) await refuseName(tx, "user", user, await byName(tx, user.account, user.name));
  if (user.tags !== undefined) await tags.put(tx, user, user.tags);
  return {
    id: user.id,
    account: user.account,
    name: user.name,
    path: user.path,
    createdAt: user.createdAt,
    passwordLastUsedAt: null,
    boundaryArn,
    tags: user.tags ?? [],
  };
}

/** Regardless of case. */
export async function byName(tx: Tx, account: string, name: string): Promise<UserRecord | null> {
  const row = await selectByName.one(tx, { account, key: nameKey(name) });
  return row === undefined ? null : record(row);
}

export async function byId(tx: Tx, id: string): Promise<UserRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

export async function list(tx: Tx, account: string, page: Page): Promise<UserRecord[]> {
  return (await selectPage.all(tx, { account, ...pageParameters(page) })).map(record);
}

/**
 * Gives a user another name or path; its id stays.
 * @throws NotFound, Conflict `name` when another user has the name
 */
export async function update(tx: Tx, user: UserRecord, to: { name?: string; path?: string }): Promise<UserRecord> {
  const renamed = { ...user, name: to.name ?? user.name, path: to.path ?? user.path };
  const holder = await byName(tx, user.account, renamed.name);
  if (holder !== null && holder.id !== user.id) throw new Conflict("user", "name", holder.name);
  const count = await rename.run(tx, change(user), {
    id: user.id,
    account: user.account,
    name: renamed.name,
    key: nameKey(renamed.name),
    path: renamed.path,
  });
  if (count === 0) throw new NotFound("user", user.id);
  return renamed;
}

/** @param boundaryArn null takes the boundary away. @throws NotFound */
export async function setBoundary(tx: Tx, user: Ref, boundaryArn: string | null): Promise<void> {
  const count = await updateBoundary.run(tx, change(user), { id: user.id, account: user.account, boundaryArn });
  if (count === 0) throw new NotFound("user", user.id);
}

/** @throws NotFound, Conflict `dependents` while keys, policies, tags or memberships are left */
export async function remove(tx: Tx, user: Ref): Promise<void> {
  const count = await drop.run(tx, change(user), { id: user.id, account: user.account });
  if (count === 0) throw new NotFound("user", user.id);
  await unregister(tx, "user", user);
}

function change(user: Ref): Change {
  return { account: user.account, kind: "user", id: user.id };
}

interface UserRow {
  id: string;
  account: string;
  name: string;
  path: string;
  created_at: number;
  password_last_used_at: number | null;
  boundary_arn: string | null;
  tags: string;
}

function record(row: UserRow): UserRecord {
  return {
    id: row.id,
    account: row.account,
    name: row.name,
    path: row.path,
    createdAt: row.created_at,
    passwordLastUsedAt: row.password_last_used_at,
    boundaryArn: row.boundary_arn,
    tags: parseTags(row.tags),
  };
}

/** Accounts. They are created and never removed. */
import type { Kysely } from "kysely";

import { register } from "../iam/entities.ts";
import { accountDomain } from "../sql/domain.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { read, write } from "../sql/query.ts";
import type { AccountRecord } from "../records.ts";
import * as revisions from "../sql/revisions.ts";
import type { Schema } from "../sql/schema.ts";
import type { Tx } from "../sql/transaction.ts";

export interface NewAccount {
  readonly id: string;
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly partition: string;
  readonly createdAt: number;
  readonly alias?: string | null | undefined;
}

function selection(db: Kysely<Schema>) {
  return db
    .selectFrom("accounts")
    .leftJoin("organization_places", "organization_places.id", "accounts.organization_place")
    .select(["accounts.id", "name", "email", "partition", "created_at", "accounts.organization_id", "path", "alias"]);
}

const selectById = read((db, p: { id: string }) => selection(db).where("accounts.id", "=", p.id));
const selectByAlias = read((db, p: { alias: string }) => selection(db).where("alias", "=", p.alias));
const selectByEmail = read((db, p: { email: string }) => selection(db).where("email", "=", p.email));
const selectPage = read((db, p: { after: string; limit: number }) =>
  selection(db).where("accounts.id", ">", p.after).orderBy("accounts.id").limit(p.limit),
);
const selectCount = read((db) => db.selectFrom("accounts").select((eb) => eb.fn.countAll<number>().as("count")));
const insert = write(
  (
    db,
    p: {
      id: string;
      name: string;
      email: string | null;
      partition: string;
      createdAt: number;
      alias: string | null;
    },
  ) =>
    db
      .insertInto("accounts")
      .values({
        id: p.id,
        name: p.name,
        email: p.email,
        partition: p.partition,
        created_at: p.createdAt,
        organization_id: null,
        organization_place: null,
        alias: p.alias,
      })
      .onConflict((conflict) => conflict.doNothing()),
);
const updateAlias = write((db, p: { id: string; alias: string | null }) =>
  db.updateTable("accounts").set({ alias: p.alias }).where("id", "=", p.id),
);
/** @throws Conflict `email`, `alias` or `id` when it is taken */
export async function create(tx: Tx, account: NewAccount): Promise<AccountRecord> {
  const record: AccountRecord = {
    id: account.id,
    name: account.name,
    email: account.email ?? null,
    partition: account.partition,
    createdAt: account.createdAt,
    organizationId: null,
    organizationPath: null,
    alias: account.alias ?? null,
  };
  if (record.email !== null && (await byEmail(tx, record.email)) !== null) {
    throw new Conflict("account", "email", record.email);
  }
  if (record.alias !== null && (await byAlias(tx, record.alias)) !== null) {
    throw new Conflict("account", "alias", record.alias);
  }
  const change = { account: record.id, kind: "account", id: record.id };
  const { id, name, email, partition, createdAt, alias } = record;
  const row = { id, name, email, partition, createdAt, alias };
  if ((await insert.run(tx, change, row)) === 0) throw new Conflict("account", "id", id);
  await revisions.open(tx, accountDomain(id));
  await register(tx, "account", { account: record.id, id: record.id });
  return record;
}

export async function byId(tx: Tx, id: string): Promise<AccountRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

export async function byAlias(tx: Tx, alias: string): Promise<AccountRecord | null> {
  const row = await selectByAlias.one(tx, { alias });
  return row === undefined ? null : record(row);
}

/** An email is compared as written. */
export async function byEmail(tx: Tx, email: string): Promise<AccountRecord | null> {
  const row = await selectByEmail.one(tx, { email });
  return row === undefined ? null : record(row);
}

/** By id. @param page `after`: the id of the last account of the page before */
export async function list(tx: Tx, page: { after?: string | undefined; limit: number }): Promise<AccountRecord[]> {
  return (await selectPage.all(tx, { after: page.after ?? "", limit: page.limit })).map(record);
}

export async function count(tx: Tx): Promise<number> {
  return (await selectCount.one(tx, {}))?.count ?? 0;
}

/** @param alias null takes it away. @throws NotFound, Conflict `alias` when another account has it */
export async function setAlias(tx: Tx, id: string, alias: string | null): Promise<void> {
  const holder = alias === null ? null : await byAlias(tx, alias);
  if (holder !== null && holder.id !== id) throw new Conflict("account", "alias", holder.alias!);
  const changed = await updateAlias.run(tx, { account: id, kind: "account", id }, { id, alias });
  if (changed === 0) throw new NotFound("account", id);
}

interface AccountRow {
  id: string;
  name: string;
  email: string | null;
  partition: string;
  created_at: number;
  organization_id: string | null;
  path: string | null;
  alias: string | null;
}

function record(row: AccountRow): AccountRecord {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    partition: row.partition,
    createdAt: row.created_at,
    organizationId: row.organization_id,
    organizationPath: row.path,
    alias: row.alias,
  };
}

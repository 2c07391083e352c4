/** Accounts. They are created and never removed. */
import { register } from "../iam/entities.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { read, write } from "../sql/query.ts";
import type { AccountRecord } from "../records.ts";
import type { Tx } from "../sql/transaction.ts";

export interface NewAccount {
  readonly id: string;
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly partition: string;
  readonly createdAt: number;
  readonly organizationId?: string | null | undefined;
  readonly organizationPath?: string | null | undefined;
  readonly alias?: string | null | undefined;
}

const columns = [
  "id",
  "name",
  "email",
  "partition",
  "created_at",
  "organization_id",
  "organization_path",
  "alias",
] as const;

const selectById = read((db, p: { id: string }) => db.selectFrom("accounts").select(columns).where("id", "=", p.id));
const selectByAlias = read((db, p: { alias: string }) =>
  db.selectFrom("accounts").select(columns).where("alias", "=", p.alias),
);
const selectByEmail = read((db, p: { email: string }) =>
  db.selectFrom("accounts").select(columns).where("email", "=", p.email),
);
const selectPage = read((db, p: { after: string; limit: number }) =>
  db.selectFrom("accounts").select(columns).where("id", ">", p.after).orderBy("id").limit(p.limit),
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
      organizationId: string | null;
      organizationPath: string | null;
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
        organization_id: p.organizationId,
        organization_path: p.organizationPath,
        alias: p.alias,
        revision: 0,
        stamp: 0,
      })
      .onConflict((conflict) => conflict.doNothing()),
);
const updateAlias = write((db, p: { id: string; alias: string | null }) =>
  db.updateTable("accounts").set({ alias: p.alias }).where("id", "=", p.id),
);
const updateOrganization = write(
  (db, p: { id: string; organizationId: string | null; organizationPath: string | null }) =>
    db
      .updateTable("accounts")
      .set({ organization_id: p.organizationId, organization_path: p.organizationPath })
      .where("id", "=", p.id),
);

/** @throws Conflict `email`, `alias` or `id` when it is taken */
export async function create(tx: Tx, account: NewAccount): Promise<AccountRecord> {
  const record: AccountRecord = {
    id: account.id,
    name: account.name,
    email: account.email ?? null,
    partition: account.partition,
    createdAt: account.createdAt,
    organizationId: account.organizationId ?? null,
    organizationPath: account.organizationPath ?? null,
    alias: account.alias ?? null,
  };
  if (record.email !== null && (await byEmail(tx, record.email)) !== null) {
    throw new Conflict("account", "email", record.email);
  }
  if (record.alias !== null && (await byAlias(tx, record.alias)) !== null) {
    throw new Conflict("account", "alias", record.alias);
  }
  const change = { account: record.id, kind: "account", id: record.id };
  if ((await insert.run(tx, change, { ...record })) === 0) throw new Conflict("account", "id", record.id);
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

/** @param place null takes the account out of its organization. @throws NotFound */
export async function setOrganization(
  tx: Tx,
  id: string,
  place: { organizationId: string; organizationPath: string } | null,
): Promise<void> {
  const changed = await updateOrganization.run(
    tx,
    { account: id, kind: "account", id },
    { id, organizationId: place?.organizationId ?? null, organizationPath: place?.organizationPath ?? null },
  );
  if (changed === 0) throw new NotFound("account", id);
}

interface AccountRow {
  id: string;
  name: string;
  email: string | null;
  partition: string;
  created_at: number;
  organization_id: string | null;
  organization_path: string | null;
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
    organizationPath: row.organization_path,
    alias: row.alias,
  };
}

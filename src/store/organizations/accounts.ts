/** Accounts. They are created and never removed. */
import { sql } from "kysely";

import { register } from "../iam/entities.ts";
import type { Change } from "../sql/change.ts";
import { accountDomain } from "../sql/domain.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import * as revisions from "../sql/revisions.ts";
import { hidden, integer, key, nullable, optional, selected, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  id: key,
  name: text,
  email: optional(key),
  partition: text,
  createdAt: integer,
  organizationId: optional(key),
  /** The row of organization_places: places.ts. */
  organizationPlace: hidden(nullable(integer), null),
  /** `o-xxx/r-xxx/ou-…/`, as aws:PrincipalOrgPaths has it. */
  organizationPath: selected<string | null, string | null>({
    expression: () =>
      sql`(select p."path" from "organization_places" p where p."id" = "accounts"."organization_place")`,
    toRecord: (path) => path,
    value: null,
  }),
  alias: optional(key),
};
export const accounts = table("accounts", members);

export type AccountRecord = RecordOf<typeof members>;
export type NewAccount = Omit<NewOf<typeof members>, "organizationId">;

const { read } = queriesOf(accounts);
const find = finder(accounts, "id");
const findByAlias = finder(accounts, "alias");
const findByEmail = finder(accounts, "email");
const selectPage = read((db, p: { after: string; limit: number }, dialect) =>
  accounts.selectFrom(db, dialect).where("id", ">", p.after).orderBy("id").limit(p.limit),
);
const selectCount = read((db) => db.selectFrom("accounts").select((eb) => eb.fn.countAll<number>().as("count")));
const insert = inserter(accounts);
const update = updater(accounts, "id");

/** @throws Conflict `email`, `alias` or `id` when it is taken */
export async function create(tx: Tx, account: NewAccount): Promise<AccountRecord> {
  const record = accounts.fresh(account);
  const { id, email, alias } = record;
  if (email !== null && (await byEmail(tx, email)) !== null) throw new Conflict("account", "email", email);
  if (alias !== null && (await byAlias(tx, alias)) !== null) throw new Conflict("account", "alias", alias);
  if ((await insert(tx, change(id), record)) === 0) throw new Conflict("account", "id", id);
  await revisions.open(tx, accountDomain(id));
  await register(tx, "account", { account: id, id });
  return record;
}

export function byId(tx: Tx, id: string): Promise<AccountRecord | null> {
  return find(tx, { id });
}

export function byAlias(tx: Tx, alias: string): Promise<AccountRecord | null> {
  return findByAlias(tx, { alias });
}

/** An email is compared as written. */
export function byEmail(tx: Tx, email: string): Promise<AccountRecord | null> {
  return findByEmail(tx, { email });
}

/** By id. @param page `after`: the id of the last account of the page before */
export async function list(tx: Tx, page: { after?: string | undefined; limit: number }): Promise<AccountRecord[]> {
  return (await selectPage.all(tx, { after: page.after ?? "", limit: page.limit })).map(accounts.record);
}

export async function count(tx: Tx): Promise<number> {
  return (await selectCount.one(tx, {}))?.count ?? 0;
}

/** @param alias null takes it away. @throws NotFound, Conflict `alias` when another account has it */
export async function setAlias(tx: Tx, id: string, alias: string | null): Promise<void> {
  const holder = alias === null ? null : await byAlias(tx, alias);
  if (holder !== null && holder.id !== id) throw new Conflict("account", "alias", holder.alias!);
  if ((await update(tx, change(id), { id }, { alias })) === 0) throw new NotFound("account", id);
}

function change(id: string): Change {
  return { account: id, kind: "account", id };
}

/**
 * Where accounts lie in organizations. Which organization it is is the account's own; where in it is the organization's,
 * in a row for each place that accounts share.
 */
import { sql } from "kysely";

import type { Change } from "../sql/change.ts";
import { NotFound } from "../sql/errors.ts";
import { pathBeginsWith } from "../sql/fragments.ts";
import { unversioned } from "../sql/query.ts";
import { generated, integer, key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Tx } from "../sql/transaction.ts";
import { accounts } from "./accounts.ts";
import type { AccountRecord } from "./accounts.ts";

/** Where accounts lie in an organization: `o-…/r-…/ou-…/`. */
export const organizationPlaces = table("organization_places", {
  id: generated(integer),
  organizationId: key,
  path: key,
});

const { read, write } = queriesOf(accounts, organizationPlaces);
const insert = inserter(organizationPlaces);

const selectOrganization = read((db, p: { account: string }) =>
  db.selectFrom("accounts").select("organization_id").where("id", "=", p.account),
);
const selectPath = read((db, p: { account: string; organization: string }) =>
  db
    .selectFrom("accounts")
    .innerJoin("organization_places", "organization_places.id", "accounts.organization_place")
    .select("organization_places.path")
    .where("accounts.id", "=", p.account)
    .where("organization_places.organization_id", "=", p.organization),
);
const selectBelow = read((db, p: { organization: string; path: string }) =>
  db
    .selectFrom("organization_places")
    .select("id")
    .where("organization_id", "=", p.organization)
    .where(pathBeginsWith("path", p.path))
    .limit(1),
);
const updateAccount = write((db, p: { account: string; organization: string; path: string }) =>
  db
    .updateTable("accounts")
    .set({
      organization_id: p.organization,
      organization_place: db
        .selectFrom("organization_places")
        .select("organization_places.id")
        .where("organization_places.organization_id", "=", p.organization)
        .where("path", "=", p.path),
    })
    .where("accounts.id", "=", p.account),
);
const rename = write((db, p: { organization: string; from: string; to: string }) =>
  db
    .updateTable("organization_places")
    .set({ path: sql<string>`cast(${p.to} as text) || substr("path", length(cast(${p.from} as text)) + 1)` })
    .where("organization_id", "=", p.organization)
    .where(pathBeginsWith("path", p.from)),
);

/** Id of the account's organization; null where it is in none. Goes by the revision of the account. */
export async function organizationOf(tx: Tx, account: string): Promise<string | null> {
  return (await selectOrganization.one(tx, { account }))?.organization_id ?? null;
}

/** `o-…/r-…/ou-…/`, null where the account is not in that organization. Goes by the revision of the organization. */
export async function pathIn(tx: Tx, account: string, organization: string): Promise<string | null> {
  return (await selectPath.one(tx, { account, organization }))?.path ?? null;
}

/** Whether any account lies, or has lain, in a unit or below it. */
export async function exists(tx: Tx, organization: string, path: string): Promise<boolean> {
  return (await selectBelow.one(tx, { organization, path })) !== undefined;
}

/**
 * Puts an account into an organization, or elsewhere in it.
 * @param account as it stands in this transaction
 * @throws NotFound for an organization or account that is not there
 */
export async function put(
  tx: Tx,
  account: Pick<AccountRecord, "id" | "organizationId">,
  organization: string,
  path: string,
): Promise<void> {
  const { id, organizationId: former } = account;
  const changes: Change[] = [change(organization, id)];
  if (former !== organization) changes.push({ account: id, kind: "account", id });
  if (former !== organization && former !== null) changes.push(change(former, id));
  await insert(tx, unversioned, { organizationId: organization, path });
  const count = await updateAccount.run(tx, changes, { account: id, organization, path });
  if (count === 0) throw new NotFound("account", id);
}

/**
 * Moves a unit with all that lies in it: one write, whatever number of accounts that is.
 * @param from its path
 * @param to its new path, at which nothing lies
 */
export async function moveUnit(tx: Tx, organization: string, from: string, to: string): Promise<void> {
  await rename.run(tx, change(organization, from), { organization, from, to });
}

function change(organization: string, id: string): Change {
  return { organization, kind: "place", id };
}

/** Organizations. */
import { organizationDomain } from "../sql/domain.ts";
import { Conflict } from "../sql/errors.ts";
import { read, write } from "../sql/query.ts";
import type { OrganizationRecord } from "../records.ts";
import * as revisions from "../sql/revisions.ts";
import type { Tx } from "../sql/transaction.ts";

const columns = ["id", "management_account", "root_id", "created_at"] as const;

const selectById = read((db, p: { id: string }) =>
  db.selectFrom("organizations").select(columns).where("id", "=", p.id),
);
const selectByManagementAccount = read((db, p: { account: string }) =>
  db.selectFrom("organizations").select(columns).where("management_account", "=", p.account),
);
const insert = write((db, p: { id: string; managementAccount: string; rootId: string; createdAt: number }) =>
  db
    .insertInto("organizations")
    .values({
      id: p.id,
      management_account: p.managementAccount,
      root_id: p.rootId,
      created_at: p.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

/** @throws Conflict when the id is taken or the account manages one already */
export async function create(tx: Tx, organization: OrganizationRecord): Promise<void> {
  const { id } = organization;
  const count = await insert.run(tx, { organization: id, kind: "organization", id }, { ...organization });
  if (count === 0) throw new Conflict("organization", "id", id);
  await revisions.open(tx, organizationDomain(id));
}

export async function byId(tx: Tx, id: string): Promise<OrganizationRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

export async function byManagementAccount(tx: Tx, account: string): Promise<OrganizationRecord | null> {
  const row = await selectByManagementAccount.one(tx, { account });
  return row === undefined ? null : record(row);
}

function record(row: {
  id: string;
  management_account: string;
  root_id: string;
  created_at: number;
}): OrganizationRecord {
  return { id: row.id, managementAccount: row.management_account, rootId: row.root_id, createdAt: row.created_at };
}

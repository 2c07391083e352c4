/** Organizations. */
import { organizationDomain } from "../sql/domain.ts";
import { Conflict } from "../sql/errors.ts";
import * as revisions from "../sql/revisions.ts";
import { integer, key } from "../sql/table/column.ts";
import { finder, inserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  /** `o-…` */
  id: key,
  managementAccount: key,
  /** `r-…` */
  rootId: key,
  createdAt: integer,
};
export const organizations = table("organizations", members);

export type OrganizationRecord = RecordOf<typeof members>;

const find = finder(organizations, "id");
const findByManagementAccount = finder(organizations, "managementAccount");
const insert = inserter(organizations);

/** @throws Conflict when the id is taken or the account manages one already */
export async function create(tx: Tx, organization: OrganizationRecord): Promise<void> {
  const { id } = organization;
  const count = await insert(tx, { organization: id, kind: "organization", id }, organization);
  if (count === 0) throw new Conflict("organization", "id", id);
  await revisions.open(tx, organizationDomain(id));
}

export function byId(tx: Tx, id: string): Promise<OrganizationRecord | null> {
  return find(tx, { id });
}

export function byManagementAccount(tx: Tx, managementAccount: string): Promise<OrganizationRecord | null> {
  return findByManagementAccount(tx, { managementAccount });
}

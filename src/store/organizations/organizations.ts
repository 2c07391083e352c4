/** Organizations. */
import { organizationDomain } from "../sql/domain.ts";
import { Conflict } from "../sql/errors.ts";
import * as revisions from "../sql/revisions.ts";
import { flag, initially, integer, key } from "../sql/table/column.ts";
import { finder, inserter, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  /** `o-…` */
  id: key,
  managementAccount: key,
  /** `r-…` */
  rootId: key,
  createdAt: integer,
  /** Whether root's credentials of member accounts are managed by it (iam:EnableOrganizationsRootCredentialsManagement). */
  rootCredentials: initially(flag, false),
  /** Whether it may have sessions of their root (iam:EnableOrganizationsRootSessions). */
  rootSessions: initially(flag, false),
};
export const organizations = table("organizations", members);

export type OrganizationRecord = RecordOf<typeof members>;
export type NewOrganization = NewOf<typeof members>;
export type RootFeature = "rootCredentials" | "rootSessions";

const find = finder(organizations, "id");
const findByManagementAccount = finder(organizations, "managementAccount");
const insert = inserter(organizations);
const update = updater(organizations, "id");

/** @throws Conflict when the id is taken or the account manages one already */
export async function create(tx: Tx, organization: NewOrganization): Promise<void> {
  const { id } = organization;
  const count = await insert(tx, { organization: id, kind: "organization", id }, organizations.fresh(organization));
  if (count === 0) throw new Conflict("organization", "id", id);
  await revisions.open(tx, organizationDomain(id));
}

export function byId(tx: Tx, id: string): Promise<OrganizationRecord | null> {
  return find(tx, { id });
}

export function byManagementAccount(tx: Tx, managementAccount: string): Promise<OrganizationRecord | null> {
  return findByManagementAccount(tx, { managementAccount });
}

export async function setFeature(
  tx: Tx,
  { id }: Pick<OrganizationRecord, "id">,
  feature: RootFeature,
  on: boolean,
): Promise<void> {
  await update(tx, { organization: id, kind: "organization", id }, { id }, { [feature]: on });
}

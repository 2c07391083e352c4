/** Customer managed policies. AWS managed policies are data, not rows. */
import type { RawBuilder } from "kysely";
import { sql } from "kysely";

import { pageParameters } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { flag, hidden, initially, integer, key, optional, selected, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder } from "../sql/table/statements.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable, pageOf } from "./named-table.ts";
import type { NewNamed, PageOf } from "./named-table.ts";
import { insertVersion, policyVersions } from "./policy-version-table.ts";
import { exactCase, tagsOf } from "./tags.ts";

const attachmentCount = sql<number>`(select count(*) from "attachments" a
  where a."policy_arn" = "policies"."arn" and a."account" = "policies"."account")`;
const boundaryUsageCount = sql<number>`((select count(*) from "users" u
  where u."boundary_arn" = "policies"."arn" and u."account" = "policies"."account")
  + (select count(*) from "roles" r
  where r."boundary_arn" = "policies"."arn" and r."account" = "policies"."account"))`;

const counted = (expression: RawBuilder<number>) =>
  selected<number, number>({ expression: () => expression, toRecord: (count) => count, value: 0 });

const members = {
  ...named,
  arn: key,
  description: optional(text),
  updatedAt: integer,
  /** Number of the default version: 1 is `v1`. */
  defaultVersion: initially(integer, 1),
  nextVersion: hidden(integer, 2),
  attachable: initially(flag, true),
  /** Users, groups and roles that it is attached to. */
  attachmentCount: counted(attachmentCount),
  /** Users and roles whose permissions boundary it is. */
  boundaryUsageCount: counted(boundaryUsageCount),
  tags: tagsOf("policies"),
};

const policies = namedTable(
  { kind: "policy", change: "policy", table: "policies", quota: "PoliciesPerAccount", tagKeys: exactCase },
  members,
);

export type PolicyRecord = RecordOf<typeof members>;
export type NewPolicy = Omit<NewNamed<typeof members>, "updatedAt" | "defaultVersion"> & {
  /** Of version 1. */
  readonly document: string;
};

export const { table, byId, byName } = policies;

const { read, write } = queriesOf(policies.table, policyVersions);
const find = finder(policies.table, "arn");

const isUsed = (count: RawBuilder<number>) => sql<boolean>`${count} > 0`;
const selectPage = {
  All: read((db, p: PageOf, dialect) => pageOf(table, db, p, dialect)),
  PermissionsPolicy: read((db, p: PageOf, dialect) => pageOf(table, db, p, dialect).where(isUsed(attachmentCount))),
  PermissionsBoundary: read((db, p: PageOf, dialect) =>
    pageOf(table, db, p, dialect).where(isUsed(boundaryUsageCount)),
  ),
};
const dropVersions = write((db, p: { policy: string; account: string }) =>
  db
    .deleteFrom("policy_versions")
    .where(
      "policy_id",
      "in",
      db.selectFrom("policies").select("id").where("id", "=", p.policy).where("account", "=", p.account),
    ),
);

/** Makes a policy with its version 1 as default. @throws as every kind's: names are unique whatever the path */
export async function create(tx: Tx, { document, ...policy }: NewPolicy, limit?: number): Promise<PolicyRecord> {
  const record = await policies.create(tx, { ...policy, updatedAt: policy.createdAt }, limit);
  const { id: policyId, account, defaultVersion: number, createdAt } = record;
  await insertVersion(tx, { account, kind: "policy", id: policyId }, { policyId, number, document, createdAt });
  return record;
}

export function byArn(tx: Tx, arn: string): Promise<PolicyRecord | null> {
  return find(tx, { arn });
}

export interface PolicyPage extends Page {
  /** Only policies that are used in this way: attached to a user, group or role, or somebody's boundary. */
  readonly usedAs?: "PermissionsPolicy" | "PermissionsBoundary" | undefined;
}

/** Customer managed policies by name. */
export async function list(tx: Tx, account: string, page: PolicyPage): Promise<PolicyRecord[]> {
  const parameters = { account, ...pageParameters(page) };
  return (await selectPage[page.usedAs ?? "All"].all(tx, parameters)).map(table.record);
}

/** Removes a policy with its versions. @throws NotFound, Conflict `dependents` while tags are left */
export async function remove(tx: Tx, policy: Ref): Promise<void> {
  const { account, id } = policy;
  await Promise.all([
    dropVersions.run(tx, { account, kind: "policy", id }, { policy: id, account }),
    policies.remove(tx, policy),
  ]);
}

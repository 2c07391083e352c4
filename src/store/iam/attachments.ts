/** Managed policies attached to users, groups and roles, AWS managed ones too: so the ARN is no foreign key. */
import { sql } from "kysely";

import { parseArn } from "../../arn/arn.ts";
import { NotFound } from "../sql/errors.ts";
import { pathBeginsWith } from "../sql/fragments.ts";
import { nameKey } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { following, key, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter, remover } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import * as roles from "./roles.ts";
import * as users from "./users.ts";

/** Who a policy is attached to, or whose boundary it is. */
export interface PolicyEntity extends Ref {
  readonly kind: "user" | "group" | "role";
  readonly name: string;
  readonly path: string;
}

export const attachments = table("attachments", {
  ownerId: key,
  account: key,
  policyArn: key,
  policyKey: following(key, "policyArn", sortKey),
  policyPath: following(text, "policyArn", (arn: string) => nameAndPath(arn).path),
});
const { read } = queriesOf(attachments, users.table, roles.table);
const insert = inserter(attachments);
const drop = remover(attachments, "ownerId", "account", "policyArn");

const selectByOwner = read((db, p: { owner: string; after: string; limit: number; prefix: string }) =>
  db
    .selectFrom("attachments")
    .select("policy_arn")
    .where("owner_id", "=", p.owner)
    .where("policy_key", ">", p.after)
    .where(pathBeginsWith("policy_path", p.prefix))
    .orderBy("policy_key")
    .limit(p.limit),
);
const selectCountByOwner = read((db, p: { owner: string }) =>
  db
    .selectFrom("attachments")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_id", "=", p.owner),
);
const selectUsage = read((db, p: { account: string; arn: string }) =>
  db.selectNoFrom([
    sql<number>`(select count(*) from "attachments" where "account" = ${p.account} and "policy_arn" = ${p.arn})`.as(
      "attachments",
    ),
    sql<number>`((select count(*) from "users" where "account" = ${p.account} and "boundary_arn" = ${p.arn})
      + (select count(*) from "roles" where "account" = ${p.account} and "boundary_arn" = ${p.arn}))`.as("boundaries"),
  ]),
);
const selectAllUsage = read((db, p: { account: string }) => {
  const bounding = (holders: "users" | "roles") =>
    db
      .selectFrom(holders)
      .select([sql<string>`"boundary_arn"`.as("arn"), sql<number>`0`.as("attached"), sql<number>`1`.as("bounding")])
      .where("account", "=", p.account)
      .where("boundary_arn", "is not", null);
  return db
    .selectFrom(
      db
        .selectFrom("attachments")
        .select(["policy_arn as arn", sql<number>`1`.as("attached"), sql<number>`0`.as("bounding")])
        .where("account", "=", p.account)
        .unionAll(bounding("users"))
        .unionAll(bounding("roles"))
        .as("used"),
    )
    .select(["arn", (eb) => eb.fn.sum<number>("attached").as("attachments")])
    .select((eb) => eb.fn.sum<number>("bounding").as("boundaries"))
    .groupBy("arn")
    .orderBy("arn");
});
const attachedEntities = sql<string>`
  select 'user' as "kind", o."id", o."account", o."name", o."path", o."name_key" from "attachments" a
    join "users" o on o."id" = a."owner_id" where a."account" = `;
const selectEntities = read((db, p: { account: string; arn: string }) =>
  db
    .selectFrom(
      sql<EntityRow>`(${attachedEntities}${p.account} and a."policy_arn" = ${p.arn}
        union all select 'group', o."id", o."account", o."name", o."path", o."name_key" from "attachments" a
          join "groups" o on o."id" = a."owner_id" where a."account" = ${p.account} and a."policy_arn" = ${p.arn}
        union all select 'role', o."id", o."account", o."name", o."path", o."name_key" from "attachments" a
          join "roles" o on o."id" = a."owner_id" where a."account" = ${p.account} and a."policy_arn" = ${p.arn})`.as(
        "used",
      ),
    )
    .select(["used.kind", "used.id", "used.account", "used.name", "used.path"])
    .orderBy("used.kind")
    .orderBy("used.name_key"),
);
const selectBoundaryEntities = read((db, p: { account: string; arn: string }) =>
  db
    .selectFrom(
      sql<EntityRow>`(select 'user' as "kind", o."id", o."account", o."name", o."path", o."name_key" from "users" o
          where o."account" = ${p.account} and o."boundary_arn" = ${p.arn}
        union all select 'role', o."id", o."account", o."name", o."path", o."name_key" from "roles" o
          where o."account" = ${p.account} and o."boundary_arn" = ${p.arn})`.as("used"),
    )
    .select(["used.kind", "used.id", "used.account", "used.name", "used.path"])
    .orderBy("used.kind")
    .orderBy("used.name_key"),
);
/** @returns false when it was attached already. @throws NotFound when there is no such owner */
export async function attach(tx: Tx, owner: Ref, policyArn: string): Promise<boolean> {
  return (await insert(tx, change(owner), { ownerId: owner.id, account: owner.account, policyArn })) > 0;
}

/** @throws NotFound when it is not attached */
export async function detach(tx: Tx, owner: Ref, policyArn: string): Promise<void> {
  const count = await drop(tx, change(owner), { ownerId: owner.id, account: owner.account, policyArn });
  if (count === 0) throw new NotFound("attachment", `${owner.id} ${policyArn}`);
}

/** ARNs by policy name. @param page `after`: the last **ARN** of the page before; `pathPrefix`: of the policy */
export async function listByOwner(tx: Tx, owner: Pick<Ref, "id">, page: Page): Promise<string[]> {
  const rows = await selectByOwner.all(tx, {
    owner: owner.id,
    after: page.after === undefined ? "" : sortKey(page.after),
    limit: page.limit,
    prefix: page.pathPrefix ?? "/",
  });
  return rows.map((row) => row.policy_arn);
}

export async function countByOwner(tx: Tx, owner: Pick<Ref, "id">): Promise<number> {
  return (await selectCountByOwner.one(tx, { owner: owner.id }))?.count ?? 0;
}

/** Users, groups and roles of the account that the policy is attached to: by kind, then by name. */
export async function entitiesOf(tx: Tx, account: string, policyArn: string): Promise<PolicyEntity[]> {
  return (await selectEntities.all(tx, { account, arn: policyArn })).map(entity);
}

/** Users and roles of the account whose boundary the policy is: by kind, then by name. */
export async function boundaryEntitiesOf(tx: Tx, account: string, policyArn: string): Promise<PolicyEntity[]> {
  return (await selectBoundaryEntities.all(tx, { account, arn: policyArn })).map(entity);
}

export interface PolicyUsage {
  /** Users, groups and roles it is attached to. */
  readonly attachments: number;
  /** Users and roles whose boundary it is. */
  readonly boundaries: number;
}

/** How often an account uses a policy, AWS managed or its own. */
export async function usageOf(tx: Tx, account: string, policyArn: string): Promise<PolicyUsage> {
  const row = await selectUsage.one(tx, { account, arn: policyArn });
  return { attachments: row!.attachments, boundaries: row!.boundaries };
}

/** Every policy ARN that an account uses in any way. */
export async function usage(tx: Tx, account: string): Promise<Map<string, PolicyUsage>> {
  const rows = await selectAllUsage.all(tx, { account });
  return new Map(rows.map(({ arn, attachments, boundaries }) => [arn, { attachments, boundaries }]));
}

/** By name; the ARN breaks the tie between an AWS managed policy and the account's own of the same name. */
function sortKey(policyArn: string): string {
  return `${nameKey(nameAndPath(policyArn).name)} ${policyArn}`;
}

function nameAndPath(policyArn: string): { name: string; path: string } {
  const resource = parseArn(policyArn)?.resource;
  if (resource === undefined || !resource.startsWith("policy/")) throw new TypeError(`no policy ARN: ${policyArn}`);
  const slash = resource.lastIndexOf("/");
  return { name: resource.slice(slash + 1), path: resource.slice("policy".length, slash + 1) };
}

/** The owner is what changes: its permissions do. */
function change(owner: Ref): Change {
  return { account: owner.account, kind: "attachments", id: owner.id };
}

interface EntityRow {
  kind: string;
  id: string;
  account: string;
  name: string;
  path: string;
  name_key: string;
}

function entity(row: Omit<EntityRow, "name_key">): PolicyEntity {
  return { kind: row.kind as PolicyEntity["kind"], id: row.id, account: row.account, name: row.name, path: row.path };
}

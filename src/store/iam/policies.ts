/** Customer managed policies and their versions. AWS managed policies are data, not rows. */
import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";

import { refuseName, register, unregister } from "./entities.ts";
import { NotFound } from "../sql/errors.ts";
import { parseTags, pathBeginsWith, tagsJson } from "../sql/fragments.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import { read, write } from "../sql/query.ts";
import type { NewPolicy, Page, PolicyRecord, Ref } from "../records.ts";
import type { Schema } from "../sql/schema.ts";
import * as tags from "./tags.ts";
import type { Change, Dialect, Tx } from "../sql/transaction.ts";

const attachmentCount = sql<number>`(select count(*) from "attachments" a
  where a."policy_arn" = "policies"."arn" and a."account" = "policies"."account")`;
const boundaryUsageCount = sql<number>`((select count(*) from "users" u
  where u."boundary_arn" = "policies"."arn" and u."account" = "policies"."account")
  + (select count(*) from "roles" r
  where r."boundary_arn" = "policies"."arn" and r."account" = "policies"."account"))`;

function selection(db: Kysely<Schema>, dialect: Dialect) {
  return db
    .selectFrom("policies")
    .select(["id", "account", "arn", "name", "path", "description", "created_at", "updated_at", "default_version"])
    .select("attachable")
    .select([attachmentCount.as("attachment_count"), boundaryUsageCount.as("boundary_usage_count")])
    .select(tagsJson(dialect, "policies.id").as("tags"));
}

type PageQuery = { account: string; after: string; limit: number; prefix: string };

function pageOf(db: Kysely<Schema>, p: PageQuery, dialect: Dialect) {
  return selection(db, dialect)
    .where("account", "=", p.account)
    .where("name_key", ">", p.after)
    .where(pathBeginsWith("policies.path", p.prefix))
    .orderBy("name_key")
    .limit(p.limit);
}

const isUsed = (count: RawBuilder<number>) => sql<boolean>`${count} > 0`;
const selectByArn = read((db, p: { arn: string }, dialect) => selection(db, dialect).where("arn", "=", p.arn));
const selectById = read((db, p: { id: string }, dialect) => selection(db, dialect).where("id", "=", p.id));
const selectByName = read((db, p: { account: string; key: string }, dialect) =>
  selection(db, dialect).where("account", "=", p.account).where("name_key", "=", p.key),
);
const selectPage = {
  all: read((db, p: PageQuery, dialect) => pageOf(db, p, dialect)),
  attached: read((db, p: PageQuery, dialect) => pageOf(db, p, dialect).where(isUsed(attachmentCount))),
  boundaries: read((db, p: PageQuery, dialect) => pageOf(db, p, dialect).where(isUsed(boundaryUsageCount))),
  both: read((db, p: PageQuery, dialect) =>
    pageOf(db, p, dialect).where(isUsed(attachmentCount)).where(isUsed(boundaryUsageCount)),
  ),
};
const insert = write(
  (
    db,
    p: {
      id: string;
      account: string;
      arn: string;
      name: string;
      key: string;
      path: string;
      description: string | null;
      createdAt: number;
      attachable: number;
    },
  ) =>
    db
      .insertInto("policies")
      .values({
        id: p.id,
        account: p.account,
        arn: p.arn,
        name: p.name,
        name_key: p.key,
        path: p.path,
        description: p.description,
        created_at: p.createdAt,
        updated_at: p.createdAt,
        default_version: 1,
        next_version: 2,
        attachable: p.attachable,
      })
      .onConflict((conflict) => conflict.columns(["account", "name_key"]).doNothing()),
);
const insertFirstVersion = write((db, p: { policy: string; document: string; createdAt: number }) =>
  db
    .insertInto("policy_versions")
    .values({ policy_id: p.policy, number: 1, document: p.document, created_at: p.createdAt }),
);
const dropVersions = write((db, p: { policy: string; account: string }) =>
  db
    .deleteFrom("policy_versions")
    .where(
      "policy_id",
      "in",
      db.selectFrom("policies").select("id").where("id", "=", p.policy).where("account", "=", p.account),
    ),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("policies").where("id", "=", p.id).where("account", "=", p.account),
);

/** Makes a policy with its version 1 as default. @throws Conflict `name`: names are unique whatever the path */
export async function create(tx: Tx, policy: NewPolicy): Promise<PolicyRecord> {
  await register(tx, "policy", policy);
  const { id, account, arn, name, path, createdAt } = policy;
  const description = policy.description ?? null;
  const attachable = policy.attachable ?? true;
  const count = await insert.run(tx, change(policy), {
    id,
    account,
    arn,
    name,
    key: nameKey(name),
    path,
    description,
    createdAt,
    attachable: attachable ? 1 : 0,
  });
  if (count === 0) await refuseName(tx, "policy", policy, await byName(tx, policy.account, policy.name));
  await insertFirstVersion.run(tx, change(policy), { policy: id, document: policy.document, createdAt });
  if (policy.tags !== undefined) await tags.put(tx, policy, policy.tags);
  return {
    id,
    account,
    arn,
    name,
    path,
    description,
    createdAt,
    updatedAt: createdAt,
    defaultVersion: 1,
    attachable,
    attachmentCount: 0,
    boundaryUsageCount: 0,
    tags: policy.tags ?? [],
  };
}

export async function byArn(tx: Tx, arn: string): Promise<PolicyRecord | null> {
  const row = await selectByArn.one(tx, { arn });
  return row === undefined ? null : record(row);
}

export async function byId(tx: Tx, id: string): Promise<PolicyRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

/** Regardless of case and path. */
export async function byName(tx: Tx, account: string, name: string): Promise<PolicyRecord | null> {
  const row = await selectByName.one(tx, { account, key: nameKey(name) });
  return row === undefined ? null : record(row);
}

export interface PolicyPage extends Page {
  /** Only policies attached to a user, group or role. */
  readonly onlyAttached?: boolean | undefined;
  /** Only policies that are used in this way (IAM API Reference, ListPolicies, PolicyUsageFilter). */
  readonly usage?: "PermissionsPolicy" | "PermissionsBoundary" | undefined;
}

/** Customer managed policies by name. */
export async function list(tx: Tx, account: string, page: PolicyPage): Promise<PolicyRecord[]> {
  const parameters = { account, ...pageParameters(page) };
  return (await pageQuery(page).all(tx, parameters)).map(record);
}

function pageQuery(page: PolicyPage): (typeof selectPage)["all"] {
  if (page.usage === "PermissionsBoundary") return page.onlyAttached === true ? selectPage.both : selectPage.boundaries;
  return page.usage === "PermissionsPolicy" || page.onlyAttached === true ? selectPage.attached : selectPage.all;
}

/** Removes a policy with its versions. @throws NotFound, Conflict `dependents` while tags are left */
export async function remove(tx: Tx, policy: Ref): Promise<void> {
  await dropVersions.run(tx, change(policy), { policy: policy.id, account: policy.account });
  const count = await drop.run(tx, change(policy), { id: policy.id, account: policy.account });
  if (count === 0) throw new NotFound("policy", policy.id);
  await unregister(tx, "policy", policy);
}

function change(policy: Ref): Change {
  return { account: policy.account, kind: "policy", id: policy.id };
}

interface PolicyRow {
  id: string;
  account: string;
  arn: string;
  name: string;
  path: string;
  description: string | null;
  created_at: number;
  updated_at: number;
  default_version: number;
  attachable: number;
  attachment_count: number;
  boundary_usage_count: number;
  tags: string;
}

function record(row: PolicyRow): PolicyRecord {
  return {
    id: row.id,
    account: row.account,
    arn: row.arn,
    name: row.name,
    path: row.path,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    defaultVersion: row.default_version,
    attachable: row.attachable === 1,
    attachmentCount: row.attachment_count,
    boundaryUsageCount: row.boundary_usage_count,
    tags: parseTags(row.tags),
  };
}

/** Roles. */
import type { Kysely } from "kysely";

import type { Bindings } from "../../policy/types.ts";
import { refuseName, register, unregister } from "./entities.ts";
import { NotFound } from "../sql/errors.ts";
import { after } from "../sql/eventual.ts";
import type { Eventual } from "../sql/eventual.ts";
import { parseTags, pathBeginsWith, tagsJson } from "../sql/fragments.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import { keptRead, read, unversioned, write } from "../sql/query.ts";
import type { NewRole, Page, Ref, RoleRecord, RoleUse } from "../records.ts";
import type { Schema } from "../sql/schema.ts";
import * as tags from "./tags.ts";
import type { Change, Dialect, Tx } from "../sql/transaction.ts";

const columns = [
  "id",
  "account",
  "name",
  "path",
  "description",
  "max_session_duration",
  "trust_policy",
  "trust_bindings",
  "boundary_arn",
  "created_at",
  "last_used_at",
  "last_used_region",
  "service_linked",
] as const;

function selection(db: Kysely<Schema>, dialect: Dialect) {
  return db.selectFrom("roles").select(columns).select(tagsJson(dialect, "roles.id").as("tags"));
}

const selectById = read((db, p: { id: string }, dialect) => selection(db, dialect).where("id", "=", p.id));
const selectByName = read((db, p: { account: string; key: string }, dialect) =>
  selection(db, dialect).where("account", "=", p.account).where("name_key", "=", p.key),
);
const selectLastUse = keptRead((db, p: { id: string }) =>
  db.selectFrom("roles").select(["last_used_at", "last_used_region"]).where("id", "=", p.id),
);
const selectPage = read((db, p: { account: string; after: string; limit: number; prefix: string }, dialect) =>
  selection(db, dialect)
    .where("account", "=", p.account)
    .where("name_key", ">", p.after)
    .where(pathBeginsWith("roles.path", p.prefix))
    .orderBy("name_key")
    .limit(p.limit),
);
const insert = write(
  (
    db,
    p: {
      id: string;
      account: string;
      name: string;
      key: string;
      path: string;
      description: string | null;
      maxSessionDuration: number;
      trustPolicy: string;
      trustBindings: string;
      boundaryArn: string | null;
      createdAt: number;
      serviceLinked: number;
    },
  ) =>
    db
      .insertInto("roles")
      .values({
        id: p.id,
        account: p.account,
        name: p.name,
        name_key: p.key,
        path: p.path,
        description: p.description,
        max_session_duration: p.maxSessionDuration,
        trust_policy: p.trustPolicy,
        trust_bindings: p.trustBindings,
        boundary_arn: p.boundaryArn,
        created_at: p.createdAt,
        last_used_at: null,
        last_used_region: null,
        service_linked: p.serviceLinked,
      })
      .onConflict((conflict) => conflict.columns(["account", "name_key"]).doNothing()),
);
const updateDetails = write(
  (db, p: { id: string; account: string; description: string | null; maxSessionDuration: number }) =>
    db
      .updateTable("roles")
      .set({ description: p.description, max_session_duration: p.maxSessionDuration })
      .where("id", "=", p.id)
      .where("account", "=", p.account),
);
const updateTrust = write((db, p: { id: string; account: string; document: string; bindings: string }) =>
  db
    .updateTable("roles")
    .set({ trust_policy: p.document, trust_bindings: p.bindings })
    .where("id", "=", p.id)
    .where("account", "=", p.account),
);
const updateBoundary = write((db, p: { id: string; account: string; boundaryArn: string | null }) =>
  db.updateTable("roles").set({ boundary_arn: p.boundaryArn }).where("id", "=", p.id).where("account", "=", p.account),
);
const updateLastUsed = write((db, p: { id: string; at: number; region: string }) =>
  db
    .updateTable("roles")
    .set({ last_used_at: p.at, last_used_region: p.region })
    .where("id", "=", p.id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", p.at)])),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("roles").where("id", "=", p.id).where("account", "=", p.account),
);

/** @throws Conflict `name` when a role has the name already, regardless of case */
export async function create(tx: Tx, role: NewRole): Promise<RoleRecord> {
  await register(tx, "role", role);
  const record: RoleRecord = {
    id: role.id,
    account: role.account,
    name: role.name,
    path: role.path,
    description: role.description ?? null,
    maxSessionDuration: role.maxSessionDuration,
    trustPolicy: role.trustPolicy,
    trustBindings: role.trustBindings,
    boundaryArn: role.boundaryArn ?? null,
    createdAt: role.createdAt,
    lastUsed: null,
    serviceLinked: role.serviceLinked ?? false,
    tags: role.tags ?? [],
  };
  const count = await insert.run(tx, change(role), {
    id: record.id,
    account: record.account,
    name: record.name,
    key: nameKey(record.name),
    path: record.path,
    description: record.description,
    maxSessionDuration: record.maxSessionDuration,
    trustPolicy: record.trustPolicy,
    trustBindings: JSON.stringify(record.trustBindings),
    boundaryArn: record.boundaryArn,
    createdAt: record.createdAt,
    serviceLinked: record.serviceLinked ? 1 : 0,
  });
  if (count === 0) await refuseName(tx, "role", role, await byName(tx, role.account, role.name));
  await tags.put(tx, role, record.tags);
  return record;
}

/** Regardless of case. */
export async function byName(tx: Tx, account: string, name: string): Promise<RoleRecord | null> {
  const row = await selectByName.one(tx, { account, key: nameKey(name) });
  return row === undefined ? null : record(row);
}

/** When and where a role was last used; null for one that never was. */
export function lastUse(tx: Tx, id: string): Eventual<RoleUse | null> {
  return after(selectLastUse.first(tx, { id }), (row) =>
    row === undefined || row.last_used_at === null ? null : { at: row.last_used_at, region: row.last_used_region! },
  );
}

export async function byId(tx: Tx, id: string): Promise<RoleRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

export async function list(tx: Tx, account: string, page: Page): Promise<RoleRecord[]> {
  return (await selectPage.all(tx, { account, ...pageParameters(page) })).map(record);
}

/** @param to what to change; seconds for the duration. @throws NotFound */
export async function update(
  tx: Tx,
  role: RoleRecord,
  to: { description?: string | null; maxSessionDuration?: number },
): Promise<RoleRecord> {
  const description = to.description === undefined ? role.description : to.description;
  const maxSessionDuration = to.maxSessionDuration ?? role.maxSessionDuration;
  const parameters = { id: role.id, account: role.account, description, maxSessionDuration };
  if ((await updateDetails.run(tx, change(role), parameters)) === 0) throw new NotFound("role", role.id);
  return { ...role, description, maxSessionDuration };
}

/** @throws NotFound */
export async function setTrustPolicy(tx: Tx, role: Ref, document: string, bindings: Bindings): Promise<void> {
  const parameters = { id: role.id, account: role.account, document, bindings: JSON.stringify(bindings) };
  if ((await updateTrust.run(tx, change(role), parameters)) === 0) throw new NotFound("role", role.id);
}

/** @param boundaryArn null takes the boundary away. @throws NotFound */
export async function setBoundary(tx: Tx, role: Ref, boundaryArn: string | null): Promise<void> {
  const count = await updateBoundary.run(tx, change(role), { id: role.id, account: role.account, boundaryArn });
  if (count === 0) throw new NotFound("role", role.id);
}

/** @throws NotFound, Conflict `dependents` while policies or tags are left */
export async function remove(tx: Tx, role: Ref): Promise<void> {
  const count = await drop.run(tx, change(role), { id: role.id, account: role.account });
  if (count === 0) throw new NotFound("role", role.id);
  await unregister(tx, "role", role);
}

/** Notes the latest uses; roles that are gone are passed over, an older use never replaces a newer one. */
export async function recordLastUsed(tx: Tx, uses: readonly (RoleUse & { readonly id: string })[]): Promise<void> {
  for (const { id, at, region } of uses) await updateLastUsed.run(tx, unversioned, { id, at, region });
}

function change(role: Ref): Change {
  return { account: role.account, kind: "role", id: role.id };
}

interface RoleRow {
  id: string;
  account: string;
  name: string;
  path: string;
  description: string | null;
  max_session_duration: number;
  trust_policy: string;
  trust_bindings: string;
  boundary_arn: string | null;
  created_at: number;
  last_used_at: number | null;
  last_used_region: string | null;
  service_linked: number;
  tags: string;
}

function record(row: RoleRow): RoleRecord {
  return {
    id: row.id,
    account: row.account,
    name: row.name,
    path: row.path,
    description: row.description,
    maxSessionDuration: row.max_session_duration,
    trustPolicy: row.trust_policy,
    trustBindings: JSON.parse(row.trust_bindings) as Bindings,
    boundaryArn: row.boundary_arn,
    createdAt: row.created_at,
    lastUsed: row.last_used_at === null ? null : { at: row.last_used_at, region: row.last_used_region! },
    serviceLinked: row.service_linked === 1,
    tags: parseTags(row.tags),
  };
}

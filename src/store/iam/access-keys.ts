/**
 * Long-term access keys of users and account roots; the secret is ciphertext, and refers to the ring key that sealed it.
 */
import { FormerRingKey } from "../../seal/errors.ts";
import { sealingKeyId } from "../../seal/key-ring.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { read, unversioned, write } from "../sql/query.ts";
import type { AccessKeyRecord, AccessKeyStatus, AccessKeyUse, NewAccessKey, Ref } from "../records.ts";
import type { Change, Tx } from "../sql/transaction.ts";

/** The ring that seals secrets. */
const ring = "secrets";

const columns = [
  "id",
  "account",
  "owner_id",
  "sealed_secret",
  "status",
  "created_at",
  "last_used_at",
  "last_used_region",
  "last_used_service",
] as const;

const selectById = read((db, p: { id: string }) => db.selectFrom("access_keys").select(columns).where("id", "=", p.id));
const selectByOwner = read((db, p: { owner: string; after: string; limit: number }) =>
  db
    .selectFrom("access_keys")
    .select(columns)
    .where("owner_id", "=", p.owner)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectPage = read((db, p: { after: string; limit: number }) =>
  db.selectFrom("access_keys").select(columns).where("id", ">", p.after).orderBy("id").limit(p.limit),
);
const selectSealedWith = read((db, p: { ringKey: string; after: string; limit: number }) =>
  db
    .selectFrom("access_keys")
    .select(columns)
    .where("ring_key", "=", p.ringKey)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectCount = read((db, p: { owner: string }) =>
  db
    .selectFrom("access_keys")
    .innerJoin("ring_keys", (join) =>
      join.onRef("ring_keys.id", "=", "access_keys.ring_key").onRef("ring_keys.purpose", "=", "access_keys.ring"),
    )
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_id", "=", p.owner)
    .where("ring_keys.state", "<>", "lost"),
);
const selectRingKeyState = read((db, p: { id: string }) =>
  db.selectFrom("ring_keys").select("state").where("purpose", "=", ring).where("id", "=", p.id),
);
const selectUsable = read((db) =>
  db
    .selectFrom("access_keys")
    .innerJoin("ring_keys", (join) =>
      join.onRef("ring_keys.id", "=", "access_keys.ring_key").onRef("ring_keys.purpose", "=", "access_keys.ring"),
    )
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("ring_keys.state", "<>", "lost"),
);
const insert = write(
  (
    db,
    p: {
      id: string;
      account: string;
      owner: string;
      secret: Uint8Array;
      ringKey: string;
      status: string;
      createdAt: number;
    },
  ) =>
    db
      .insertInto("access_keys")
      .values({
        id: p.id,
        account: p.account,
        owner_id: p.owner,
        sealed_secret: p.secret,
        status: p.status,
        created_at: p.createdAt,
        last_used_at: null,
        last_used_region: null,
        last_used_service: null,
        ring,
        ring_key: p.ringKey,
      })
      .onConflict((conflict) => conflict.doNothing()),
);
const updateStatus = write((db, p: { id: string; account: string; status: string }) =>
  db.updateTable("access_keys").set({ status: p.status }).where("id", "=", p.id).where("account", "=", p.account),
);
const updateSecret = write((db, p: { id: string; account: string; secret: Uint8Array; ringKey: string }) =>
  db
    .updateTable("access_keys")
    .set({ sealed_secret: p.secret, ring_key: p.ringKey })
    .where("id", "=", p.id)
    .where("account", "=", p.account),
);
const updateLastUsed = write((db, p: { id: string; at: number; region: string; service: string }) =>
  db
    .updateTable("access_keys")
    .set({ last_used_at: p.at, last_used_region: p.region, last_used_service: p.service })
    .where("id", "=", p.id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", p.at)])),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("access_keys").where("id", "=", p.id).where("account", "=", p.account),
);

/**
 * @throws Conflict `id`; NotFound when there is no such owner; FormerRingKey when the secret was sealed with a key that
 * does not seal any more: the ring is compared in the transaction that keeps what it sealed
 */
export async function create(tx: Tx, key: NewAccessKey): Promise<AccessKeyRecord> {
  const ringKey = await sealingKey(tx, key.sealedSecret);
  const count = await insert.run(tx, change(key), {
    id: key.id,
    account: key.account,
    owner: key.ownerId,
    secret: key.sealedSecret,
    ringKey,
    status: key.status,
    createdAt: key.createdAt,
  });
  if (count === 0) throw new Conflict("access-key", "id", key.id);
  return { ...key, lastUsed: null };
}

export async function byId(tx: Tx, id: string): Promise<AccessKeyRecord | null> {
  const row = await selectById.one(tx, { id });
  return row === undefined ? null : record(row);
}

/** By id. @param page `after`: the id of the last key of the page before; without a page, everything */
export async function listByOwner(
  tx: Tx,
  ownerId: string,
  page: { after?: string | undefined; limit?: number | undefined } = {},
): Promise<AccessKeyRecord[]> {
  const rows = await selectByOwner.all(tx, { owner: ownerId, after: page.after ?? "", limit: page.limit ?? 1000 });
  return rows.map(record);
}

/** Keys of all accounts, by id. @param page `after`: the id of the last key of the page before */
export async function page(tx: Tx, page: { after: string; limit: number }): Promise<AccessKeyRecord[]> {
  return (await selectPage.all(tx, page)).map(record);
}

/** Up to `limit` keys whose secret is sealed with a ring key, by id. @param after the id of the last key before */
export async function sealedWith(
  tx: Tx,
  ringKey: string,
  page: { after: string; limit: number },
): Promise<AccessKeyRecord[]> {
  return (await selectSealedWith.all(tx, { ringKey, ...page })).map(record);
}

/** Those that a lost master key has made unusable do not count: they are not in the way of new ones. */
export async function countByOwner(tx: Tx, ownerId: string): Promise<number> {
  return (await selectCount.one(tx, { owner: ownerId }))?.count ?? 0;
}

/** How many there are in all accounts whose secret was not lost with its master key. */
export async function countUsable(tx: Tx): Promise<number> {
  return (await selectUsable.one(tx, {}))?.count ?? 0;
}

/** @throws NotFound */
export async function setStatus(tx: Tx, key: Ref, status: AccessKeyStatus): Promise<void> {
  const count = await updateStatus.run(tx, change(key), { id: key.id, account: key.account, status });
  if (count === 0) throw new NotFound("access-key", key.id);
}

/** Puts the same secret sealed anew, before its ring key is retired. @throws NotFound, FormerRingKey as `create` */
export async function setSealedSecret(tx: Tx, key: Ref, secret: Uint8Array): Promise<void> {
  const ringKey = await sealingKey(tx, secret);
  const count = await updateSecret.run(tx, change(key), { id: key.id, account: key.account, secret, ringKey });
  if (count === 0) throw new NotFound("access-key", key.id);
}

/** @throws NotFound */
export async function remove(tx: Tx, key: Ref): Promise<void> {
  const count = await drop.run(tx, change(key), { id: key.id, account: key.account });
  if (count === 0) throw new NotFound("access-key", key.id);
}

/** Notes the latest uses; keys that are gone are passed over, an older use never replaces a newer one. */
export async function recordLastUsed(tx: Tx, uses: readonly (AccessKeyUse & { readonly id: string })[]): Promise<void> {
  for (const { id, at, region, service } of uses) {
    await updateLastUsed.run(tx, unversioned, { id, at, region, service });
  }
}

/** Id of the key that sealed it, which must be the one that seals in this transaction. */
async function sealingKey(tx: Tx, sealed: Uint8Array): Promise<string> {
  const id = sealingKeyId(sealed);
  if ((await selectRingKeyState.one(tx, { id }))?.state !== "promoted") throw new FormerRingKey(id);
  return id;
}

function change(key: Ref): Change {
  return { account: key.account, kind: "access-key", id: key.id };
}

interface AccessKeyRow {
  id: string;
  account: string;
  owner_id: string;
  sealed_secret: Uint8Array;
  status: string;
  created_at: number;
  last_used_at: number | null;
  last_used_region: string | null;
  last_used_service: string | null;
}

function record(row: AccessKeyRow): AccessKeyRecord {
  return {
    id: row.id,
    account: row.account,
    ownerId: row.owner_id,
    sealedSecret: row.sealed_secret,
    status: row.status as AccessKeyStatus,
    createdAt: row.created_at,
    lastUsed:
      row.last_used_at === null
        ? null
        : { at: row.last_used_at, region: row.last_used_region!, service: row.last_used_service! },
  };
}

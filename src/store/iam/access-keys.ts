/**
 * Long-term access keys of users and account roots; the secret is ciphertext, and refers to the ring key that sealed it.
 */
import { FormerRingKey } from "../../seal/errors.ts";
import { sealingKeyId } from "../../seal/key-ring.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { bytes, following, hidden, integer, key, text, together, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { ChangeOf, NewOf, RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import { ringKeys } from "../server/key-rings.ts";
import type { Ref } from "./entities.ts";

/** The ring that seals secrets. */
const ring = "secrets";

export type AccessKeyStatus = "Active" | "Inactive";

const members = {
  id: key,
  account: key,
  /** Id of the user, or of the account for a key of its root. */
  ownerId: key,
  sealedSecret: bytes,
  ring: hidden(key, ring),
  ringKey: following(key, "sealedSecret", sealingKeyId),
  status: word<AccessKeyStatus>(),
  createdAt: integer,
  lastUsed: together({ at: integer, region: text, service: text }),
};
export const accessKeys = table("access_keys", members);

export type AccessKeyRecord = RecordOf<typeof members>;
export type NewAccessKey = NewOf<typeof members>;
type AccessKeyUse = NonNullable<AccessKeyRecord["lastUsed"]>;

const { read, write } = queriesOf(accessKeys, ringKeys);
const find = finder(accessKeys, "id");
const insert = inserter(accessKeys);
const change = updater(accessKeys, "id", "account");
const drop = remover(accessKeys, "id", "account");

const selectByOwner = read((db, p: { owner: string; after: string; limit: number }, dialect) =>
  accessKeys
    .selectFrom(db, dialect)
    .where("owner_id", "=", p.owner)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectPage = read((db, p: { after: string; limit: number }, dialect) =>
  accessKeys.selectFrom(db, dialect).where("id", ">", p.after).orderBy("id").limit(p.limit),
);
const selectSealedWith = read((db, p: { ringKey: string; after: string; limit: number }, dialect) =>
  accessKeys
    .selectFrom(db, dialect)
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
const updateLastUsed = write((db, p: { id: string; at: number; region: string; service: string }) =>
  db
    .updateTable("access_keys")
    .set({ last_used_at: p.at, last_used_region: p.region, last_used_service: p.service })
    .where("id", "=", p.id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", p.at)])),
);
/**
 * @throws Conflict `id`; NotFound when there is no such owner; FormerRingKey when the secret was sealed with a key that
 * does not seal any more: the ring is compared in the transaction that keeps what it sealed
 */
export async function create(tx: Tx, made: NewAccessKey): Promise<AccessKeyRecord> {
  const record = accessKeys.fresh(made);
  const sealing = requireSealing(tx, made.sealedSecret);
  const inserted = insert(tx, noted(made), record);
  // Without its ring key it fails too, and the ring says why.
  inserted.catch(() => undefined);
  await sealing;
  if ((await inserted) === 0) throw new Conflict("access-key", "id", made.id);
  return record;
}

export function byId(tx: Tx, id: string): Promise<AccessKeyRecord | null> {
  return find(tx, { id });
}

/** By id. @param page `after`: the id of the last key of the page before; without a page, everything */
export async function listByOwner(
  tx: Tx,
  ownerId: string,
  page: { after?: string | undefined; limit?: number | undefined } = {},
): Promise<AccessKeyRecord[]> {
  const rows = await selectByOwner.all(tx, { owner: ownerId, after: page.after ?? "", limit: page.limit ?? 1000 });
  return rows.map(accessKeys.record);
}

/** Keys of all accounts, by id. @param page `after`: the id of the last key of the page before */
export async function page(tx: Tx, page: { after: string; limit: number }): Promise<AccessKeyRecord[]> {
  return (await selectPage.all(tx, page)).map(accessKeys.record);
}

/** Up to `limit` keys whose secret is sealed with a ring key, by id. @param after the id of the last key before */
export async function sealedWith(
  tx: Tx,
  ringKey: string,
  page: { after: string; limit: number },
): Promise<AccessKeyRecord[]> {
  return (await selectSealedWith.all(tx, { ringKey, ...page })).map(accessKeys.record);
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
export function setStatus(tx: Tx, accessKey: Ref, status: AccessKeyStatus): Promise<void> {
  return update(tx, accessKey, { status });
}

/** Puts the same secret sealed anew, before its ring key is retired. @throws NotFound, FormerRingKey as `create` */
export async function setSealedSecret(tx: Tx, accessKey: Ref, sealedSecret: Uint8Array): Promise<void> {
  await requireSealing(tx, sealedSecret);
  await update(tx, accessKey, { sealedSecret });
}

async function update(tx: Tx, accessKey: Ref, to: ChangeOf<typeof members>): Promise<void> {
  if ((await change(tx, noted(accessKey), accessKey, to)) === 0) throw new NotFound("access-key", accessKey.id);
}

/** @throws NotFound */
export async function remove(tx: Tx, accessKey: Ref): Promise<void> {
  if ((await drop(tx, noted(accessKey), accessKey)) === 0) throw new NotFound("access-key", accessKey.id);
}

/** Notes the latest uses; keys that are gone are passed over, an older use never replaces a newer one. */
export async function recordLastUsed(tx: Tx, uses: readonly (AccessKeyUse & { readonly id: string })[]): Promise<void> {
  for (const { id, at, region, service } of uses) {
    await updateLastUsed.run(tx, unversioned, { id, at, region, service });
  }
}

/** @throws FormerRingKey unless the key that sealed it is the one that seals in this transaction */
async function requireSealing(tx: Tx, sealed: Uint8Array): Promise<void> {
  const id = sealingKeyId(sealed);
  if ((await selectRingKeyState.one(tx, { id }))?.state !== "promoted") throw new FormerRingKey(id);
}

function noted({ account, id }: Ref): Change {
  return { account, kind: "access-key", id };
}

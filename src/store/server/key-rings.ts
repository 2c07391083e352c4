/** The key rings for tokens and for secrets at rest. Every key is sealed by the master key, which is never here. */
import type { RingPurpose } from "../../seal/ring-purpose.ts";
import type { KeyState } from "../../seal/ring-state.ts";
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { bytes, hidden, initially, integer, key, nullable, text, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter, remover, updater, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { ChangeOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  purpose: word<RingPurpose>("key"),
  id: key,
  state: word<KeyState>(),
  /** The key, sealed by the master key. */
  sealedKey: bytes,
  createdAt: integer,
  /** When it entered its state. */
  changedAt: integer,
  /** How often it has sealed, on all nodes, as far as they have recorded it. */
  seals: integer,
  lostMasterKey: hidden(nullable(text), null),
};
export const ringKeys = table("ring_keys", members);

export type RingKeyRecord = RecordOf<typeof members>;

/** The one master key: a value that only it opens. */
export const masterKey = table("master_key", { singleton: initially(integer, 1), checkValue: bytes });

const { read, write } = queriesOf(ringKeys, masterKey);
const insert = inserter(ringKeys);
const change = updater(ringKeys, "purpose", "id");
const drop = remover(ringKeys, "purpose", "id");
const upsertMasterKey = upserter(masterKey, ["singleton"], ["checkValue"]);
const selectRing = read((db, p: { purpose: RingPurpose }, dialect) =>
  ringKeys.selectFrom(db, dialect).where("purpose", "=", p.purpose).orderBy("created_at").orderBy("id"),
);
const selectIds = read((db) => db.selectFrom("ring_keys").select(["purpose", "id"]));
const updateSeals = write((db, p: { purpose: RingPurpose; id: string; more: number }) =>
  db
    .updateTable("ring_keys")
    .set((eb) => ({ seals: eb("seals", "+", p.more) }))
    .where("purpose", "=", p.purpose)
    .where("id", "=", p.id),
);
const markLost = write((db, p: { masterKey: string; at: number }) =>
  db
    .updateTable("ring_keys")
    .set({ state: "lost", lost_master_key: p.masterKey, changed_at: p.at })
    .where("state", "<>", "lost"),
);
const selectLost = read((db, p: { masterKey: string }) =>
  db
    .selectFrom("ring_keys")
    .select(["purpose", "id", "sealed_key"])
    .where("state", "=", "lost")
    .where("lost_master_key", "=", p.masterKey),
);
const selectCheckValue = read((db) => db.selectFrom("master_key").select("check_value"));

/** Oldest first. */
export async function list(tx: Tx, purpose: RingPurpose): Promise<RingKeyRecord[]> {
  return (await selectRing.all(tx, { purpose })).map(ringKeys.record);
}

/** Of both rings, whatever their keys' states. */
export async function ids(tx: Tx): Promise<{ readonly purpose: RingPurpose; readonly id: string }[]> {
  return selectIds.all(tx, {});
}

/** @throws Conflict `id` */
export async function add(tx: Tx, ringKey: RingKeyRecord): Promise<void> {
  const count = await insert(tx, unversioned, ringKey);
  if (count === 0) throw new Conflict("ring-key", "id", `${ringKey.purpose} ${ringKey.id}`);
}

/** @param at milliseconds. @throws NotFound */
export function setState(tx: Tx, purpose: RingPurpose, id: string, state: KeyState, at: number): Promise<void> {
  return update(tx, purpose, id, { state, changedAt: at });
}

/** Adds what one node has sealed since it last told; a key that is gone is passed over. */
export async function addSeals(tx: Tx, purpose: RingPurpose, id: string, more: number): Promise<void> {
  await updateSeals.run(tx, unversioned, { purpose, id, more });
}

/** Puts the same key sealed by another master key. @throws NotFound */
export function setSealedKey(tx: Tx, purpose: RingPurpose, id: string, sealedKey: Uint8Array): Promise<void> {
  return update(tx, purpose, id, { sealedKey });
}

async function update(tx: Tx, purpose: RingPurpose, id: string, to: ChangeOf<typeof members>): Promise<void> {
  if ((await change(tx, unversioned, { purpose, id }, to)) === 0) throw new NotFound("ring-key", `${purpose} ${id}`);
}

/** @throws NotFound; Conflict `dependents` while a secret is sealed with it */
export async function remove(tx: Tx, purpose: RingPurpose, id: string): Promise<void> {
  if ((await drop(tx, unversioned, { purpose, id })) === 0) throw new NotFound("ring-key", `${purpose} ${id}`);
}

/** All keys are lost with the master key that wraps them. Nothing goes: whoever finds it again has them again. */
export async function lose(tx: Tx, masterKey: string, at: number): Promise<void> {
  await markLost.run(tx, unversioned, { masterKey, at });
}

/** The keys that are lost with a master key. @param masterKey its fingerprint */
export async function lostWith(
  tx: Tx,
  masterKey: string,
): Promise<{ readonly purpose: RingPurpose; readonly id: string; readonly sealedKey: Uint8Array }[]> {
  const rows = await selectLost.all(tx, { masterKey });
  return rows.map((row) => ({ purpose: row.purpose, id: row.id, sealedKey: row.sealed_key }));
}

/** By which a server knows at its start whether it was given the right master key; null on a new database. */
export async function masterKeyCheck(tx: Tx): Promise<Uint8Array | null> {
  const row = await selectCheckValue.one(tx, {});
  return row === undefined ? null : row.check_value;
}

export async function setMasterKeyCheck(tx: Tx, checkValue: Uint8Array): Promise<void> {
  await upsertMasterKey(tx, unversioned, masterKey.fresh({ checkValue }));
}

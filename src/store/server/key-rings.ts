/** The key rings for tokens and for secrets at rest. Every key is sealed by the master key, which is never here. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { read, unversioned, write } from "../sql/query.ts";
import type { KeyState } from "../../seal/ring-state.ts";
import type { RingPurpose } from "../../seal/ring-purpose.ts";
import type { RingKeyRecord } from "../records.ts";
import type { Tx } from "../sql/transaction.ts";

const selectRing = read((db, p: { purpose: string }) =>
  db
    .selectFrom("ring_keys")
    .select(["purpose", "id", "state", "sealed_key", "created_at", "changed_at", "seals"])
    .where("purpose", "=", p.purpose)
    .orderBy("created_at")
    .orderBy("id"),
);
const selectIds = read((db) => db.selectFrom("ring_keys").select(["purpose", "id"]));
const insert = write(
  (
    db,
    p: {
      purpose: string;
      id: string;
      state: string;
      sealedKey: Uint8Array;
      createdAt: number;
      changedAt: number;
      seals: number;
    },
  ) =>
    db
      .insertInto("ring_keys")
      .values({
        purpose: p.purpose,
        id: p.id,
        state: p.state,
        sealed_key: p.sealedKey,
        created_at: p.createdAt,
        changed_at: p.changedAt,
        seals: p.seals,
      })
      .onConflict((conflict) => conflict.doNothing()),
);
const updateState = write((db, p: { purpose: string; id: string; state: string; at: number }) =>
  db
    .updateTable("ring_keys")
    .set({ state: p.state, changed_at: p.at })
    .where("purpose", "=", p.purpose)
    .where("id", "=", p.id),
);
const updateSealedKey = write((db, p: { purpose: string; id: string; sealedKey: Uint8Array }) =>
  db.updateTable("ring_keys").set({ sealed_key: p.sealedKey }).where("purpose", "=", p.purpose).where("id", "=", p.id),
);
const updateSeals = write((db, p: { purpose: string; id: string; more: number }) =>
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
const drop = write((db, p: { purpose: string; id: string }) =>
  db.deleteFrom("ring_keys").where("purpose", "=", p.purpose).where("id", "=", p.id),
);
const selectCheckValue = read((db) => db.selectFrom("master_key").select("check_value"));
const upsertCheckValue = write((db, p: { checkValue: Uint8Array }) =>
  db
    .insertInto("master_key")
    .values({ singleton: 1, check_value: p.checkValue })
    .onConflict((conflict) => conflict.column("singleton").doUpdateSet({ check_value: p.checkValue })),
);

/** Oldest first. */
export async function list(tx: Tx, purpose: RingPurpose): Promise<RingKeyRecord[]> {
  const rows = await selectRing.all(tx, { purpose });
  return rows.map((row) => ({
    purpose: row.purpose as RingPurpose,
    id: row.id,
    state: row.state as KeyState,
    sealedKey: row.sealed_key,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    seals: row.seals,
  }));
}

/** Of both rings, whatever their keys' states. */
export async function ids(tx: Tx): Promise<{ readonly purpose: RingPurpose; readonly id: string }[]> {
  const rows = await selectIds.all(tx, {});
  return rows.map((row) => ({ purpose: row.purpose as RingPurpose, id: row.id }));
}

/** @throws Conflict `id` */
export async function add(tx: Tx, key: RingKeyRecord): Promise<void> {
  const count = await insert.run(tx, unversioned, { ...key });
  if (count === 0) throw new Conflict("ring-key", "id", `${key.purpose} ${key.id}`);
}

/** @param at milliseconds. @throws NotFound */
export async function setState(tx: Tx, purpose: RingPurpose, id: string, state: KeyState, at: number): Promise<void> {
  const count = await updateState.run(tx, unversioned, { purpose, id, state, at });
  if (count === 0) throw new NotFound("ring-key", `${purpose} ${id}`);
}

/** Adds what one node has sealed since it last told; a key that is gone is passed over. */
export async function addSeals(tx: Tx, purpose: RingPurpose, id: string, more: number): Promise<void> {
  await updateSeals.run(tx, unversioned, { purpose, id, more });
}

/** Puts the same key sealed by another master key. @throws NotFound */
export async function setSealedKey(tx: Tx, purpose: RingPurpose, id: string, sealedKey: Uint8Array): Promise<void> {
  const count = await updateSealedKey.run(tx, unversioned, { purpose, id, sealedKey });
  if (count === 0) throw new NotFound("ring-key", `${purpose} ${id}`);
}

/** @throws NotFound; Conflict `dependents` while a secret is sealed with it */
export async function remove(tx: Tx, purpose: RingPurpose, id: string): Promise<void> {
  const count = await drop.run(tx, unversioned, { purpose, id });
  if (count === 0) throw new NotFound("ring-key", `${purpose} ${id}`);
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
  return rows.map((row) => ({
    purpose: row.purpose as RingPurpose,
    id: row.id,
    sealedKey: row.sealed_key,
  }));
}

/** By which a server knows at its start whether it was given the right master key; null on a new database. */
export async function masterKeyCheck(tx: Tx): Promise<Uint8Array | null> {
  const row = await selectCheckValue.one(tx, {});
  return row === undefined ? null : row.check_value;
}

export async function setMasterKeyCheck(tx: Tx, checkValue: Uint8Array): Promise<void> {
  await upsertCheckValue.run(tx, unversioned, { checkValue });
}

import type { KeyObject } from "node:crypto";
import { UnsealError } from "../seal/errors.ts";
import { KeyRing } from "../seal/key-ring.ts";
import { checkMasterKey, unwrapKey, wrapKey } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { createRing } from "../seal/ring-state.ts";
import type { RingState } from "../seal/ring-state.ts";
import type { RingPurpose } from "../seal/ring-purpose.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as keyRings from "../store/server/key-rings.ts";
import * as nodes from "../store/server/nodes.ts";
import type { RingKeyRecord } from "../store/server/key-rings.ts";
import { databaseTime } from "../store/server/time.ts";

export interface Rings {
  readonly tokens: KeyRing;
  readonly secrets: KeyRing;
}

/**
 * The two rings of this database: those that are there, or new ones at the first start. Two nodes that start at once
 * agree, because making them is one serializable transaction.
 *
 * @throws MasterKeyError when the master key is not the one that the rings were wrapped with
 */
export async function loadRings(database: Database, master: MasterKey): Promise<Rings> {
  return database.write(async (tx) => {
    await expectMasterKey(tx, master);
    return loadOrMake(tx, master);
  });
}

/**
 * New rings under another master key, where the one before is lost. What the former rings sealed nobody can open any
 * more; their keys stay, marked, for whoever finds it again.
 */
export async function renewRings(tx: Tx, master: MasterKey): Promise<Rings> {
  const lost = await storedFingerprint(tx);
  if (lost !== null) await keyRings.lose(tx, lost, await databaseTime(tx));
  await keyRings.setMasterKeyCheck(tx, new TextEncoder().encode(master.fingerprint));
  // They had the former one.
  await nodes.forget(tx, Number.MAX_SAFE_INTEGER);
  return loadOrMake(tx, master);
}

/**
 * Takes keys that were lost with a master key back into their rings, now that it was found: what they sealed opens again,
 * and is sealed anew with the present keys.
 * @returns how many keys came back
 * @throws UnsealError where one is damaged
 */
export async function restoreLostKeys(tx: Tx, found: MasterKey, present: MasterKey): Promise<number> {
  const lost = await keyRings.lostWith(tx, found.fingerprint);
  const now = await databaseTime(tx);
  for (const { purpose, id, sealedKey } of lost) {
    const material = unwrapKey(found, purpose, id, sealedKey);
    await keyRings.setSealedKey(tx, purpose, id, wrapKey(present, purpose, { id, material }));
    await keyRings.setState(tx, purpose, id, "distributed", now);
  }
  return lost.length;
}

/** The fingerprint of the master key that this database is sealed with; null where there is none yet. */
export async function storedFingerprint(tx: Tx): Promise<string | null> {
  const stored = await keyRings.masterKeyCheck(tx);
  return stored === null ? null : new TextDecoder().decode(stored);
}

/** @throws WrongMasterKeyError that names who has the right one; a database without one takes this one */
export async function expectMasterKey(tx: Tx, master: MasterKey): Promise<void> {
  const stored = await storedFingerprint(tx);
  if (stored === null) return keyRings.setMasterKeyCheck(tx, new TextEncoder().encode(master.fingerprint));
  if (master.fingerprint !== stored) checkMasterKey(master, stored, await masterKeyHolder(tx));
}

/** Who had this database's master key when last seen, and from where; empty where nobody said so. */
export async function masterKeyHolder(tx: Tx): Promise<string> {
  const [last] = await nodes.countedOn(tx, 0);
  return last === undefined ? "" : `; ${last.name}, has it from ${last.masterKeySource}`;
}

/** A ring as it is stored; a key that the master key does not open has no material. */
export async function readRing(tx: Tx, master: MasterKey, purpose: RingPurpose): Promise<RingState> {
  const records = await keyRings.list(tx, purpose);
  return {
    purpose,
    keys: records.map((record) => ({
      id: record.id,
      state: record.state,
      material: record.state === "lost" ? null : materialOf(master, record),
      seals: record.seals,
      changedAt: record.changedAt,
    })),
  };
}

function materialOf(master: MasterKey, { purpose, id, sealedKey }: RingKeyRecord): KeyObject | null {
  try {
    return unwrapKey(master, purpose, id, sealedKey);
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}

async function loadOrMake(tx: Tx, master: MasterKey): Promise<Rings> {
  return { tokens: await loadOrMakeRing(tx, master, "tokens"), secrets: await loadOrMakeRing(tx, master, "secrets") };
}

async function loadOrMakeRing(tx: Tx, master: MasterKey, purpose: RingPurpose): Promise<KeyRing> {
  const stored = await readRing(tx, master, purpose);
  if (stored.keys.some(({ state }) => state !== "lost")) return new KeyRing(stored);
  const made = createRing(purpose, await databaseTime(tx));
  const newest = (await keyRings.list(tx, purpose)).at(-1);
  for (const key of made.keys) {
    await keyRings.add(tx, {
      purpose,
      id: key.id,
      state: key.state,
      sealedKey: wrapKey(master, purpose, key),
      // After all that are lost, whatever the clock says: the order of creation says which key follows which.
      createdAt: Math.max(key.changedAt, (newest?.createdAt ?? 0) + 1),
      changedAt: key.changedAt,
      seals: key.seals,
    });
  }
  return new KeyRing({ purpose, keys: [...stored.keys, ...made.keys] });
}

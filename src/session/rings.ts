import type { Clock } from "../clock/clock.ts";
import { KeyRing } from "../seal/key-ring.ts";
import { checkMasterKey, unwrapKey, wrapKey } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { createRing } from "../seal/ring-state.ts";
import type { RingPurpose, RingState } from "../seal/ring-state.ts";
import type { Database, Tx } from "../store/database.ts";
import * as keyRings from "../store/key-rings.ts";

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
export async function loadRings(database: Database, master: MasterKey, clock: Clock): Promise<Rings> {
  const states = await database.write(async (tx) => {
    await checkFingerprint(tx, master);
    return { tokens: await load(tx, master, "tokens", clock), secrets: await load(tx, master, "secrets", clock) };
  });
  return { tokens: new KeyRing(states.tokens), secrets: new KeyRing(states.secrets) };
}

/**
 * New rings under another master key, where the one before is lost. What the former rings sealed nobody can open any
 * more: sessions end, and sealed secrets are the caller's to remove in the same transaction.
 */
export async function renewRings(tx: Tx, master: MasterKey, clock: Clock): Promise<Rings> {
  for (const purpose of ["tokens", "secrets"] as const) {
    for (const { id } of await keyRings.list(tx, purpose)) await keyRings.remove(tx, purpose, id);
  }
  await keyRings.setMasterKeyCheck(tx, new TextEncoder().encode(master.fingerprint));
  return {
    tokens: new KeyRing(await load(tx, master, "tokens", clock)),
    secrets: new KeyRing(await load(tx, master, "secrets", clock)),
  };
}

/** Whether this database was sealed with that master key, or with none yet. */
export async function knowsMasterKey(tx: Tx, master: MasterKey): Promise<boolean> {
  const stored = await keyRings.masterKeyCheck(tx);
  return stored === null || new TextDecoder().decode(stored) === master.fingerprint;
}

async function checkFingerprint(tx: Tx, master: MasterKey): Promise<void> {
  const stored = await keyRings.masterKeyCheck(tx);
  if (stored === null) await keyRings.setMasterKeyCheck(tx, new TextEncoder().encode(master.fingerprint));
  else checkMasterKey(master, new TextDecoder().decode(stored));
}

/** A ring as it is stored. @throws UnsealError when a stored key is damaged */
export async function readRing(tx: Tx, master: MasterKey, purpose: RingPurpose): Promise<RingState> {
  const records = await keyRings.list(tx, purpose);
  return {
    purpose,
    keys: records.map((record) => ({
      id: record.id,
      state: record.state,
      material: record.state === "retired" ? null : unwrapKey(master, purpose, record.id, record.sealedKey),
      seals: record.seals,
      changedAt: record.changedAt,
    })),
  };
}

async function load(tx: Tx, master: MasterKey, purpose: RingPurpose, clock: Clock): Promise<RingState> {
  const stored = await readRing(tx, master, purpose);
  if (stored.keys.length > 0) return stored;
  const ring = createRing(purpose, clock.now());
  for (const key of ring.keys) {
    await keyRings.add(tx, {
      purpose,
      id: key.id,
      state: key.state,
      sealedKey: wrapKey(master, purpose, key),
      createdAt: key.changedAt,
      changedAt: key.changedAt,
      seals: key.seals,
    });
  }
  return ring;
}

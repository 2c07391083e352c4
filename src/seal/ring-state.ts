import { createSecretKey, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { RotationError } from "./errors.ts";
import type { RingPurpose } from "./ring-purpose.ts";

/**
 * - `distributed`: opens, does not seal. New keys begin here, so that every node has a key before anything is sealed with
 *   it; the key that sealed until a promotion goes back here, so that what it sealed can still be opened.
 * - `promoted`: seals and opens. One key of a ring at most.
 * - `retired`: nothing that is stored is sealed with it any more. It opens what was read before, until it goes.
 * - `lost`: the master key that wraps it is lost. It is kept, in case that one is found.
 */
export type KeyState = "distributed" | "promoted" | "retired" | "lost";

export interface RingKey {
  /** 8 lower-case hex digits; stands in the clear in front of what the key sealed. */
  readonly id: string;
  readonly state: KeyState;
  /** 32 bytes; null where it is not known: it is gone, lost, or its wrapped text is damaged. */
  readonly material: KeyObject | null;
  /** How often the key has sealed, as far as it was recorded. */
  readonly seals: number;
  /** When it came into its present state, milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface RingState {
  readonly purpose: RingPurpose;
  readonly keys: readonly RingKey[];
}

const keyIdForm = /^[0-9a-f]{8}$/;

/** A new random key, distributed. @param now milliseconds since the epoch */
export function generateKey(now: number): RingKey {
  return {
    id: randomBytes(4).toString("hex"),
    state: "distributed",
    material: createSecretKey(randomBytes(32)),
    seals: 0,
    changedAt: now,
  };
}

/** A ring with one key that seals: the first start. */
export function createRing(purpose: RingPurpose, now: number): RingState {
  const key = generateKey(now);
  return promote(addKey({ purpose, keys: [] }, key), key.id, now);
}

/** Distributes a new key. @throws RotationError */
export function addKey(ring: RingState, key: RingKey): RingState {
  if (!keyIdForm.test(key.id)) throw new RotationError(`'${key.id}' is not a key id of 8 hex digits`);
  if (ring.keys.some(({ id }) => id === key.id)) throw new RotationError(`key ${key.id} is already in the ring`);
  if (key.state !== "distributed") throw new RotationError(`key ${key.id} is ${key.state}; a new key is distributed`);
  if (key.material?.symmetricKeySize !== 32) throw new RotationError(`key ${key.id} has no material of 32 bytes`);
  return { ...ring, keys: [...ring.keys, key] };
}

/** From here on this key seals; the one before it only opens. @throws RotationError */
export function promote(ring: RingState, id: string, now: number): RingState {
  const key = existing(ring, id);
  if (key.state !== "distributed")
    throw new RotationError(`key ${id} is ${key.state}; only a distributed key is promoted`);
  return {
    ...ring,
    keys: ring.keys.map((other) => {
      if (other.id === id) return { ...other, state: "promoted", changedAt: now };
      return other.state === "promoted" ? { ...other, state: "distributed", changedAt: now } : other;
    }),
  };
}

function existing(ring: RingState, id: string): RingKey {
  const key = ring.keys.find((candidate) => candidate.id === id);
  if (key === undefined) throw new RotationError(`there is no key ${id} in the ring of ${ring.purpose}`);
  return key;
}

import type { KeyObject } from "node:crypto";

import { SealError, UnknownRingKey, UnsealError } from "./errors.ts";
import { decrypt, encrypt, tagBytes } from "./gcm.ts";
import { ivBytes } from "./random-iv.ts";
import type { RingKey, RingState } from "./ring-state.ts";
import type { RingPurpose } from "./ring-purpose.ts";

const formatVersion = 1;
const idBytes = 4;
const prefixBytes = 1 + idBytes;

/** How many bytes longer than its content a sealed text is. */
export const sealOverhead = prefixBytes + ivBytes + tagBytes;

/**
 * The most that one key may seal. With random 96-bit IVs the chance that one repeats stays below 2^-37; NIST SP 800-38D
 * §8.3 allows 2^32.
 */
export const sealLimit = 2 ** 30;

/** A key prepared for use. */
interface ReadyKey {
  readonly id: string;
  readonly number: number;
  readonly material: KeyObject;
  readonly prefix: Uint8Array;
  /** What is authenticated before the caller's own associated data; its length is fixed for a purpose. */
  readonly associatedPrefix: string;
  readonly changedAt: number;
  /** Recorded seals, and those since. */
  seals: number;
  unrecorded: number;
}

/**
 * The keys of one purpose at work: AES-256-GCM, format `version (1 byte), key id (4), IV (12), ciphertext, tag (16)`.
 * Version, key id and purpose are authenticated along with the caller's associated data.
 */
export class KeyRing {
  readonly purpose: RingPurpose;
  readonly #limit: number;
  #keys = new Map<number, ReadyKey>();
  #promoted: ReadyKey | null = null;
  /** Keys that are stored and cannot be used: lost with their master key, or damaged. */
  #lost = new Set<string>();
  #damaged = new Set<string>();
  /** Ids that were looked for in vain since the ring was read. */
  #absent = new Set<string>();

  /** @param limit seals of one key at most; lower only in tests */
  constructor(state: RingState, limit: number = sealLimit) {
    this.purpose = state.purpose;
    this.#limit = Math.min(limit, sealLimit);
    this.replace(state);
  }

  /**
   * @param associated must be given again to open: it binds what is sealed to its place
   * @throws SealError where no key is promoted or the promoted one is exhausted
   */
  seal(plaintext: Uint8Array, associated: string): Uint8Array {
    const key = this.#promoted;
    if (key === null) throw new SealError(`the ring of ${this.purpose} has no promoted key`);
    if (key.seals >= this.#limit) {
      throw new SealError(`key ${key.id} of ${this.purpose} has sealed ${key.seals} times: rotate the ring`);
    }
    key.seals++;
    key.unrecorded++;
    return encrypt(key.material, key.prefix, plaintext, key.associatedPrefix + associated);
  }

  /** @throws UnsealError for anything but what this ring sealed with the same associated data */
  open(sealed: Uint8Array, associated: string): Uint8Array {
    if (sealed.length < sealOverhead || sealed[0] !== formatVersion) throw new UnsealError();
    const key = this.#keys.get(((sealed[1]! << 24) | (sealed[2]! << 16) | (sealed[3]! << 8) | sealed[4]!) >>> 0);
    if (key === undefined) throw new UnsealError();
    return decrypt(key.material, sealed, prefixBytes, key.associatedPrefix + associated);
  }

  /** Takes over another state of the same ring (after a rotation, here or on another node). */
  replace(state: RingState): void {
    if (state.purpose !== this.purpose) throw new SealError(`this ring is for ${this.purpose}, not ${state.purpose}`);
    const before = this.#keys;
    this.#keys = new Map();
    this.#promoted = null;
    this.#lost = new Set();
    this.#damaged = new Set();
    this.#absent = new Set();
    for (const key of state.keys) {
      if (key.state === "lost") this.#lost.add(key.id);
      else if (key.material === null && key.state !== "retired") this.#damaged.add(key.id);
      if (key.material === null) continue;
      const ready = prepare(key, key.material, state.purpose);
      // What this process sealed and has not handed to its recorder is in no stored state yet.
      ready.unrecorded = before.get(ready.number)?.unrecorded ?? 0;
      ready.seals += ready.unrecorded;
      this.#keys.set(ready.number, ready);
      if (key.state === "promoted") this.#promoted = ready;
    }
  }

  /** Notes that a key was looked for and is nowhere: until the ring is read again it is not looked for once more. */
  noteAbsent(id: string): void {
    if (!this.has(id)) this.#absent.add(id);
  }

  /** Whether it was sealed with a key that is lost with its master key. */
  isLost(sealed: Uint8Array): boolean {
    return this.#lost.size > 0 && this.#lost.has(sealingKeyId(sealed));
  }

  /** Id of the key that it claims to be sealed with, where that may have been made since the ring was read; else null. */
  unknownKey(sealed: Uint8Array): string | null {
    if (sealed.length < sealOverhead || sealed[0] !== formatVersion) return null;
    const id = sealingKeyId(sealed);
    return this.#absent.has(id) || this.has(id) ? null : id;
  }

  /** @throws UnknownRingKey where the key that it claims to be sealed with may have been made since the ring was read */
  expectKnownKey(sealed: Uint8Array): void {
    const unknown = this.unknownKey(sealed);
    if (unknown !== null) throw new UnknownRingKey(this.purpose, unknown);
  }

  /** Whether the ring has that key, if only to know that it cannot be used. */
  has(id: string): boolean {
    return this.#keys.has(Number.parseInt(id, 16)) || this.#lost.has(id) || this.#damaged.has(id);
  }

  /** Ids of keys that are stored and that the master key does not open. */
  get damaged(): readonly string[] {
    return [...this.#damaged];
  }

  /** Whether a key is there to seal with and has not sealed as often as it may. */
  get canSeal(): boolean {
    return this.#promoted !== null && this.#promoted.seals < this.#limit;
  }

  /** Id of the key that seals now, and how often it has. */
  get promoted(): { readonly id: string; readonly seals: number } | null {
    return this.#promoted === null ? null : { id: this.#promoted.id, seals: this.#promoted.seals };
  }

  /** Ids of the keys that open. */
  get keyIds(): readonly string[] {
    return Array.from(this.#keys.values(), (key) => key.id);
  }

  /** Since when the present key seals, milliseconds since the epoch. */
  get promotedAt(): number | null {
    return this.#promoted?.changedAt ?? null;
  }

  /** Whether the sealing key has used up half of what it may: time for the next one. */
  get rotationDue(): boolean {
    return this.#promoted !== null && this.#promoted.seals >= this.#limit / 2;
  }

  /**
   * Seals since the last call, by key id, to be *added* to what is stored: several nodes seal with one key.
   */
  takeUnrecorded(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const key of this.#keys.values()) {
      if (key.unrecorded > 0) counts.set(key.id, key.unrecorded);
      key.unrecorded = 0;
    }
    return counts;
  }

  /** Takes seals back that could not be recorded. */
  giveBackUnrecorded(id: string, count: number): void {
    const key = this.#keys.get(Number.parseInt(id, 16));
    if (key !== undefined) key.unrecorded += count;
  }
}

function prepare(key: RingKey, material: KeyObject, purpose: RingPurpose): ReadyKey {
  const id = Buffer.from(key.id, "hex");
  if (id.length !== idBytes) throw new SealError(`'${key.id}' is not a key id of 8 hex digits`);
  return {
    id: key.id,
    number: id.readUInt32BE(0),
    material,
    prefix: Uint8Array.of(formatVersion, ...id),
    associatedPrefix: `rolecall:${purpose}:${formatVersion}:${key.id}:`,
    changedAt: key.changedAt,
    seals: key.seals,
    unrecorded: 0,
  };
}

/** Id of the key that sealed it: 8 hex digits, in the clear. */
export function sealingKeyId(sealed: Uint8Array): string {
  return Buffer.from(sealed.buffer, sealed.byteOffset + 1, idBytes).toString("hex");
}

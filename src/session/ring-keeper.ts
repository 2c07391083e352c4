import type { Clock } from "../clock/clock.ts";
import { sealingKeyId } from "../seal/key-ring.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { wrapKey } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { generateKey } from "../seal/ring-state.ts";
import type { RingPurpose } from "../seal/ring-state.ts";
import * as accessKeys from "../store/access-keys.ts";
import type { Database, Tx } from "../store/database.ts";
import * as keyRings from "../store/key-rings.ts";
import type { RingKeyRecord } from "../store/records.ts";
import { readRing } from "./rings.ts";
import type { Rings } from "./rings.ts";

/** How often a node looks for rings that changed (milliseconds), unless it is told otherwise. */
export const tendInterval = 5000;
/** A new key seals only once every node has had so many chances to learn of it. */
const chancesToLearn = 3;
/** Sessions last 36 hours at most (GetSessionToken, GetFederationToken); a little more for clocks that differ. */
const longestSession = 36 * 3_600_000 + 300_000;
const resealBatch = 200;

export interface RingKeeperOptions {
  readonly database: Database;
  readonly master: MasterKey;
  readonly clock: Clock;
  readonly rings: Rings;
  /** Called when a key is gone: nothing that was opened with it may be remembered. */
  readonly onRetired: () => void;
  readonly onError: (error: unknown) => void;
  /** How often to look, in milliseconds; all nodes of a database must be told the same. `tendInterval` without it. */
  readonly interval?: number | undefined;
}

/**
 * Keeps the rings: a rotation adds a key, which is *distributed* to all nodes first, then *promoted* to seal, while the
 * former one still opens; the former is *retired* when nothing it sealed can be good any more: a token key after the
 * longest session, a key for secrets when all of them are sealed anew. Every step is one transaction that any node may
 * take, so a node that dies in the middle leaves nothing half done.
 */
export class RingKeeper {
  readonly #options: RingKeeperOptions;
  readonly #interval: number;
  readonly #settle: number;
  /** When the store answered again after it had not: nodes need their chances to learn from then on. */
  #answersSince = 0;
  #failed = false;
  #timer: NodeJS.Timeout | null = null;
  #tending: Promise<void> = Promise.resolve();

  constructor(options: RingKeeperOptions) {
    this.#options = options;
    // Who has a database alone is the only one that must learn of a key.
    this.#interval = options.interval ?? tendInterval;
    this.#settle = options.database.shared ? chancesToLearn * this.#interval : 0;
  }

  start(): void {
    this.#timer = setInterval(() => this.soon(), this.#interval);
    this.#timer.unref();
  }

  /** Tends the rings when what runs now has ended. */
  soon(): void {
    this.#tending = this.#tending
      .then(() => this.tend())
      .catch((error: unknown) => {
        this.#failed = true;
        this.#options.onError(error);
      });
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#tending;
  }

  /** Adds a key to a ring, inside the caller's transaction. */
  async distribute(tx: Tx, purpose: RingPurpose): Promise<string> {
    const key = generateKey(this.#options.clock.now());
    const newest = (await keyRings.list(tx, purpose)).at(-1);
    await keyRings.add(tx, {
      purpose,
      id: key.id,
      state: key.state,
      sealedKey: wrapKey(this.#options.master, purpose, key),
      // The order of creation says which key follows which, also where nodes' clocks differ.
      createdAt: Math.max(key.changedAt, (newest?.createdAt ?? 0) + 1),
      changedAt: key.changedAt,
      seals: 0,
    });
    return key.id;
  }

  /** One round: learn what changed, take the next step of each ring, learn again. */
  async tend(): Promise<void> {
    const { rings } = this.#options;
    for (const ring of [rings.tokens, rings.secrets]) {
      await this.#learn(ring);
      if (await this.#step(ring)) await this.#learn(ring);
    }
    await this.#resealSecrets();
  }

  async #learn(ring: KeyRing): Promise<void> {
    const { database, master, clock, onRetired } = this.#options;
    const before = ring.keyIds;
    const state = await database.read((tx) => readRing(tx, master, ring.purpose));
    ring.replace(state);
    if (this.#failed) this.#answersSince = clock.now();
    this.#failed = false;
    if (before.some((id) => !state.keys.some((key) => key.id === id))) onRetired();
  }

  /** Whether every node has had its chances to learn of a state that began then. */
  #settled(changedAt: number, now: number): boolean {
    return now - Math.max(changedAt, this.#answersSince) >= this.#settle;
  }

  /** @returns whether anything changed */
  async #step(ring: KeyRing): Promise<boolean> {
    const now = this.#options.clock.now();
    const records = await this.#options.database.read((tx) => keyRings.list(tx, ring.purpose));
    if (!this.#needsStep(ring, records, now)) return false;
    return this.#options.database.write(async (tx) => {
      const current = await keyRings.list(tx, ring.purpose);
      const promoted = current.find((key) => key.state === "promoted");
      const next = successor(current);
      if (next === undefined) {
        if (ring.rotationDue) await this.distribute(tx, ring.purpose);
      } else if (this.#settled(next.changedAt, now)) {
        if (promoted !== undefined) await keyRings.setState(tx, ring.purpose, promoted.id, "distributed", now);
        await keyRings.setState(tx, ring.purpose, next.id, "promoted", now);
      }
      for (const key of spentTokenKeys(ring.purpose, current, now)) await keyRings.remove(tx, ring.purpose, key.id);
      return true;
    });
  }

  #needsStep(ring: KeyRing, records: readonly RingKeyRecord[], now: number): boolean {
    const next = successor(records);
    if (next === undefined ? ring.rotationDue : this.#settled(next.changedAt, now)) return true;
    return spentTokenKeys(ring.purpose, records, now).length > 0;
  }

  /** Seals every secret anew that a former key has sealed, then lets that key go. */
  async #resealSecrets(): Promise<void> {
    const { database, clock, rings } = this.#options;
    const records = await database.read((tx) => keyRings.list(tx, "secrets"));
    const promoted = records.find((key) => key.state === "promoted");
    // Another node may seal with the former key until it has learned of the new one.
    const former = records.filter((key) => isFormer(key, promoted) && this.#settled(key.changedAt, clock.now()));
    if (promoted === undefined || former.length === 0) return;
    let after = "";
    for (;;) {
      const last = await database.write(async (tx) => {
        const page = await accessKeys.page(tx, { after, limit: resealBatch });
        for (const key of page) {
          if (sealingKeyId(key.sealedSecret) === promoted.id) continue;
          const secret = rings.secrets.open(key.sealedSecret, key.id);
          await accessKeys.setSealedSecret(tx, key, rings.secrets.seal(secret, key.id));
        }
        return page.at(-1)?.id;
      });
      if (last === undefined) break;
      after = last;
    }
    await database.write(async (tx) => {
      const left = new Set((await keyRings.list(tx, "secrets")).map((key) => key.id));
      // Another node may have come to the end before this one.
      for (const key of former) if (left.has(key.id)) await keyRings.remove(tx, "secrets", key.id);
    });
    await this.#learn(rings.secrets);
  }
}

/** The newest key that waits to be promoted. */
function successor(records: readonly RingKeyRecord[]): RingKeyRecord | undefined {
  const promoted = records.find((key) => key.state === "promoted");
  return records
    .filter((key) => key.state === "distributed" && (promoted === undefined || key.createdAt > promoted.createdAt))
    .at(-1);
}

function isFormer(key: RingKeyRecord, promoted: RingKeyRecord | undefined): boolean {
  return promoted !== undefined && key.state === "distributed" && key.createdAt < promoted.createdAt;
}

function spentTokenKeys(purpose: RingPurpose, records: readonly RingKeyRecord[], now: number): RingKeyRecord[] {
  if (purpose !== "tokens") return [];
  const promoted = records.find((key) => key.state === "promoted");
  return records.filter((key) => isFormer(key, promoted) && now - key.changedAt >= longestSession);
}

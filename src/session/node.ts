import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { AgreedClock } from "../clock/agreed-clock.ts";
import type { Clock } from "../clock/clock.ts";
import type { MasterKey } from "../seal/master-key.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import { Contention } from "../store/sql/errors.ts";
import * as keyRings from "../store/server/key-rings.ts";
import * as nodes from "../store/server/nodes.ts";
import { databaseTime, keepsOwnTime } from "../store/server/time.ts";
import { expectMasterKey, readRing } from "./rings.ts";
import type { Rings } from "./rings.ts";

/** How often a node says that it is there and looks what changed (milliseconds), unless it is told otherwise. */
export const renewInterval = 5000;
/** For how long the others then count on it: two renewals may fail. */
const shortestLease = 15_000;
/** How soon a renewal that failed is tried again. */
const retryInterval = 1000;
/** A wall clock that goes back by more than this was set. */
const jump = 1000;
/** How long a node that is gone is remembered, for people who look for its master key. */
const remembered = 7 * 24 * 3_600_000;
/** A ring that changes with every look is no ring that a person rotates. */
const mostLooks = 5;
/** A clock that is off by more is worth a line in the log (milliseconds). */
const worthALine = 2000;

export interface NodeOptions {
  readonly database: Database;
  readonly master: MasterKey;
  readonly rings: Rings;
  /** Kept to the database's time. */
  readonly clock: AgreedClock;
  /** This machine's own. */
  readonly own: Clock;
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two renewals; `renewInterval` without it. */
  readonly interval?: number | undefined;
  /** Milliseconds that the others count on this node after each. */
  readonly lease?: number | undefined;
}

/**
 * This process as one of those that use a database. It says there, by the database's time, until when it may be counted
 * on and which ring keys it has; a key seals only once all that are counted on have it (ring-keeper.ts). A node whose time
 * has run out may lack what the others went on with: it does nothing before it has read the rings and said so again.
 *
 * Who has a database alone says nothing, and is never late.
 */
export class Node {
  readonly id = randomUUID();
  /** Called when a key is gone that was there. */
  onGone: () => void = () => undefined;
  readonly #options: NodeOptions;
  readonly #interval: number;
  readonly #lease: number;
  /** Until when the others count on this one, on the monotonic clock. */
  #until: number;
  /** What the machine's own clock said then: it goes on while a machine sleeps, when the monotonic one does not. */
  #renewedAt = 0;
  #startedAt: number | null = null;
  #renewing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #saidDeviation = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#interval = options.interval ?? renewInterval;
    this.#lease = options.lease ?? Math.max(shortestLease, 3 * this.#interval);
    this.#until = options.database.shared ? -Infinity : Infinity;
  }

  /** How far this machine's clock is ahead of the database's, in milliseconds; what is decided does not depend on it. */
  get clockDeviation(): number {
    return this.#options.clock.deviation;
  }

  /** Whether the others count on this node. @param at a moment of `performance.now()` */
  isCurrent(at: number): boolean {
    if (at >= this.#until) return false;
    if (this.#until === Infinity) return true;
    const passed = this.#options.own.now() - this.#renewedAt;
    return passed > -jump && passed < this.#lease;
  }

  /** Renews from now on. @param onRenewed called after each time */
  start(onRenewed: () => void): void {
    const again = (wait: number): void => {
      if (this.#closed) return;
      this.#timer = setTimeout(() => void round(), wait);
      this.#timer.unref();
    };
    const round = async (): Promise<void> => {
      try {
        await this.renew();
        onRenewed();
        again(this.#interval);
      } catch (error) {
        this.#options.onError(error);
        again(Math.min(this.#interval, retryInterval));
      }
    };
    again(this.#interval);
  }

  /** Reads the rings and says that it is there. Who asks meanwhile gets the same. @throws Unavailable, MasterKeyError */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Reads both rings anew. */
  async learn(): Promise<void> {
    const { database, master, rings } = this.#options;
    const before = [rings.tokens, rings.secrets].flatMap((ring) => ring.keyIds);
    const [tokens, secrets] = await database.read(async (tx) => [
      await readRing(tx, master, "tokens"),
      await readRing(tx, master, "secrets"),
    ]);
    rings.tokens.replace(tokens!);
    rings.secrets.replace(secrets!);
    if (before.some((id) => !rings.tokens.has(id) && !rings.secrets.has(id))) this.onGone();
  }

  /** Tells the others not to wait for this one. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#renewing?.catch(() => undefined);
    if (!this.#options.database.shared || this.#startedAt === null) return;
    this.#until = -Infinity;
    await this.#options.database
      .write(async (tx) => nodes.leave(tx, this.id, await databaseTime(tx)))
      .catch(this.#options.onError);
  }

  async #renew(): Promise<void> {
    const { database, own } = this.#options;
    for (let look = 0; look < mostLooks; look++) {
      await this.learn();
      if (!database.shared) return;
      const began = performance.now();
      const renewedAt = own.now();
      if (!(await database.write((tx) => this.#say(tx)))) continue;
      this.#until = began + this.#lease;
      this.#renewedAt = renewedAt;
      this.#tellDeviation();
      return;
    }
    throw new Contention({ cause: new Error("the key rings changed with every look at them") });
  }

  /** @returns whether it has every key of the rings, as they stand in this transaction */
  async #say(tx: Tx): Promise<boolean> {
    const { master, rings, clock } = this.#options;
    const sent = performance.now();
    const time = await databaseTime(tx);
    if (!keepsOwnTime(tx)) clock.read({ time, sent, received: performance.now() });
    await expectMasterKey(tx, master);
    for (const { purpose, id } of await keyRings.ids(tx)) if (!rings[purpose].has(id)) return false;
    if (this.#startedAt === null) await nodes.forget(tx, time - remembered);
    this.#startedAt ??= time;
    await nodes.renew(tx, {
      id: this.id,
      name: `${hostname()}, process ${process.pid}`,
      masterKeySource: master.source,
      startedAt: this.#startedAt,
      expiresAt: time + this.#lease,
      ringKeys: new Set(
        [rings.tokens, rings.secrets].flatMap(({ purpose, keyIds }) => keyIds.map((id) => `${purpose}/${id}`)),
      ),
      clockDeviation: clock.deviation,
    });
    return true;
  }

  /** A machine whose clock is off says so once, and again when it is off by twice as much. */
  #tellDeviation(): void {
    const deviation = Math.abs(this.clockDeviation);
    if (deviation < worthALine) this.#saidDeviation = 0;
    else if (deviation > 2 * this.#saidDeviation) {
      this.#saidDeviation = deviation;
      this.#options.onError(
        new Error(
          `the clock of this machine is ${(this.clockDeviation / 1000).toFixed(1)} s ahead of the database's, ` +
            "whose time is used: set it (NTP)",
        ),
      );
    }
  }
}

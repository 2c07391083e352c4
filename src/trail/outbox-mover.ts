import type { Database } from "../store/sql/database.ts";
import * as outbox from "../store/server/outbox.ts";
import type { OutboxRecord } from "../store/server/outbox.ts";
import type { TrailRecord } from "./facts.ts";
import type { PolicyDocuments } from "./policy-snapshots.ts";
import { RecentIds } from "./recent-ids.ts";

/** Rows that are moved together. */
const drainBatch = 500;
const noPolicies: PolicyDocuments = new Map();

interface OutboxMoverOptions {
  readonly database: Database;
  /** Where another process empties the outbox for all: has it done, and resolves then. */
  readonly elsewhere: (() => Promise<void>) | null;
  /** Resolves once the records are in the trail. */
  readonly keep: (records: readonly TrailRecord[]) => Promise<void>;
}

/** Moves the records of changes from the outbox, where they are committed, to the trail, each once. */
export class OutboxMover {
  readonly #database: Database;
  readonly #elsewhere: (() => Promise<void>) | null;
  readonly #keep: (records: readonly TrailRecord[]) => Promise<void>;
  readonly #kept = new RecentIds();
  #waiting = false;

  constructor({ database, elsewhere, keep }: OutboxMoverOptions) {
    this.#database = database;
    this.#elsewhere = elsewhere;
    this.#keep = keep;
  }

  /** Says that there may be rows. */
  committed(): void {
    this.#waiting = true;
  }

  /** Says what is in the trail already, the oldest first. */
  keptBefore(ids: Iterable<string>): void {
    this.#kept.add(ids);
  }

  /**
   * Moves what was committed until now. What comes meanwhile waits for the next time: one change after the other would
   * otherwise each be followed by a transaction of its own, as costly as the change.
   *
   * @param toTheEnd goes on until there is none: there is no next time
   */
  async move(toTheEnd: boolean): Promise<void> {
    if (!this.#waiting) return;
    do {
      this.#waiting = false;
      try {
        await (this.#elsewhere === null ? this.#moveAll() : this.#elsewhere());
      } catch (error) {
        this.#waiting = true;
        throw error;
      }
    } while (this.#waiting && toTheEnd);
  }

  async #moveAll(): Promise<void> {
    for (let moved = drainBatch; moved === drainBatch;) {
      moved = await outbox.drain(this.#database, drainBatch, (rows) => this.#keepOnce(rows));
    }
  }

  /** Rows that stayed after they were kept (a crash or a failure before they were removed) are not written again. */
  async #keepOnce(rows: readonly OutboxRecord[]): Promise<void> {
    const fresh = rows.filter((row) => !this.#kept.has(row.eventId));
    const records = fresh.map((row) => ({
      eventId: row.eventId,
      account: row.account,
      at: row.at,
      text: row.record,
      private: row.private === "" ? null : row.private,
      // Everything that a change asked for was allowed: there is no denial to explain.
      policies: noPolicies,
    }));
    if (records.length > 0) await this.#keep(records);
    this.#kept.add(rows.map((row) => row.eventId));
  }
}

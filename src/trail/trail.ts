import type { Clock } from "../clock/clock.ts";
import type { Database, Tx } from "../store/database.ts";
import * as outbox from "../store/outbox.ts";
import type { OutboxRecord } from "../store/records.ts";
import type { TrailFiles } from "./files.ts";
import type { TrailRecord } from "./record.ts";

/** Records of reads and denials are on disk at most this long after the answer (milliseconds). */
export const flushInterval = 100;
/** How long to wait after a failed write before the next one (milliseconds). */
const retryInterval = 1000;
/** What an ephemeral server keeps: the newest records, up to this many and this many characters in all. */
const memoryLimit = 10_000;
const memoryCharacters = 64_000_000;
/** Characters of records that may wait while the files cannot be written: some 30,000 records. */
const queueLimit = 64_000_000;
const drainBatch = 500;

export interface TrailOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Null keeps the newest records in memory only (ephemeral). */
  readonly files: TrailFiles | null;
  /** Told of what went wrong while writing; the trail tries again by itself. */
  readonly onError: (error: unknown) => void;
}

/**
 * The trail of every call. The record of a write is a row of the same transaction (the outbox) and is moved to the
 * file afterwards: no committed change is ever missing from it. Records of reads and denials are appended in batches,
 * at most `flushInterval` after the answer; a crash can lose those of the last interval, never those of a change.
 */
export class Trail {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #files: TrailFiles | null;
  readonly #onError: (error: unknown) => void;
  #queue: TrailRecord[] = [];
  #queuedCharacters = 0;
  #flushFailures = 0;
  #failing = false;
  #memory: string[] = [];
  #memoryCharacters = 0;
  #appended: ReadonlySet<string> = new Set();
  #outboxWaiting = false;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: TrailOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#files = options.files;
    this.#onError = options.onError;
  }

  /** Moves what a crash left in the outbox; called once, before the server listens. */
  async recover(): Promise<void> {
    if (this.#files !== null) this.#appended = await this.#files.recentIds();
    this.#outboxWaiting = true;
    await this.flush();
  }

  /** Takes the record of a call that changed nothing. */
  append(records: readonly TrailRecord[]): void {
    for (const record of records) {
      this.#queue.push(record);
      this.#queuedCharacters += sizeOf(record);
    }
    this.#schedule();
  }

  /** Writes the records of a change into its own transaction. */
  async appendWithin(tx: Tx, records: readonly TrailRecord[]): Promise<void> {
    for (const record of records) {
      await outbox.append(tx, {
        eventId: record.eventId,
        account: record.account,
        at: record.at,
        record: record.text,
        private: record.private ?? "",
      });
    }
  }

  /** Says that a transaction with outbox rows has committed. */
  committed(): void {
    this.#outboxWaiting = true;
    this.#schedule();
  }

  /** No room for another record until the files can be written again. */
  get full(): boolean {
    return this.#queuedCharacters >= queueLimit;
  }

  /** How the writing goes. `failing`: the last attempt failed, and is repeated until one succeeds. */
  get state(): {
    readonly queued: number;
    readonly characters: number;
    readonly failures: number;
    readonly failing: boolean;
  } {
    return {
      queued: this.#queue.length,
      characters: this.#queuedCharacters,
      failures: this.#flushFailures,
      failing: this.#failing,
    };
  }

  /** Everything taken so far is on disk when this resolves. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flushNow());
    return this.#flushing;
  }

  /** Newest records first, of those this server has written. */
  async *newestFirst(): AsyncIterable<string> {
    await this.flush();
    if (this.#files === null) {
      for (let index = this.#memory.length - 1; index >= 0; index--) yield this.#memory[index]!;
      return;
    }
    for (const name of await this.#files.days()) yield* await this.#files.lines(name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.flush();
    await this.#files?.close();
  }

  #schedule(delay = flushInterval): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, delay);
    this.#timer.unref();
  }

  /** Nothing is dropped: what could not be written is tried again. Either part goes on when the other cannot. */
  async #flushNow(): Promise<void> {
    const outboxGood = await this.#tried(async () => {
      if (this.#outboxWaiting) await this.#drainOutbox();
    });
    const batch = this.#queue;
    this.#queue = [];
    const batchGood = await this.#tried(async () => {
      if (batch.length > 0) await this.#keep(batch);
    });
    if (batchGood) for (const record of batch) this.#queuedCharacters -= sizeOf(record);
    else this.#queue = [...batch, ...this.#queue];
    this.#failing = !outboxGood || !batchGood;
    if (this.#failing) this.#schedule(retryInterval);
  }

  async #tried(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#flushFailures++;
      this.#onError(error);
      return false;
    }
  }

  async #drainOutbox(): Promise<void> {
    do {
      this.#outboxWaiting = false;
      let more = drainBatch;
      try {
        while (more === drainBatch) {
          more = await outbox.drain(this.#database, drainBatch, (rows) => this.#keepOnce(rows));
        }
      } catch (error) {
        this.#outboxWaiting = true;
        throw error;
      }
    } while (this.#outboxWaiting);
  }

  /** Rows that stayed after they were kept (a crash or a failure before they were removed) are not written again. */
  async #keepOnce(rows: readonly OutboxRecord[]): Promise<void> {
    const fresh = rows.filter((row) => !this.#appended.has(row.eventId));
    const records = fresh.map((row) => ({
      eventId: row.eventId,
      account: row.account,
      at: row.at,
      text: row.record,
      private: row.private === "" ? null : row.private,
    }));
    if (records.length > 0) await this.#keep(records);
    this.#appended = new Set(rows.map((row) => row.eventId));
  }

  async #keep(records: readonly TrailRecord[]): Promise<void> {
    if (this.#files !== null) return this.#files.append(records, this.#clock.now());
    for (const { text } of records) {
      this.#memory.push(text);
      this.#memoryCharacters += text.length;
    }
    let gone = Math.max(0, this.#memory.length - memoryLimit);
    for (let index = 0; index < gone || this.#memoryCharacters > memoryCharacters; index++) {
      this.#memoryCharacters -= this.#memory[index]!.length;
      gone = Math.max(gone, index + 1);
    }
    if (gone > 0) this.#memory = this.#memory.slice(gone);
  }
}

function sizeOf({ text, private: sidecar }: TrailRecord): number {
  return text.length + (sidecar?.length ?? 0);
}

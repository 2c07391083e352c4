import type { Clock } from "../clock/clock.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as outbox from "../store/server/outbox.ts";
import { TrailBatch } from "./batch.ts";
import type { TrailFiles } from "./files.ts";
import type { ReadBudget } from "./backward-lines.ts";
import type { DiskSize, Room } from "./disk-room.ts";
import { defaultKeeping } from "./keeping.ts";
import type { TrailKeeping } from "./keeping.ts";
import { sizeOf, TrailMemory } from "./memory.ts";
import type { FoundDocuments } from "./source.ts";
import type { CountedFacts } from "./nobody-counts.ts";
import { NobodyTrail } from "./nobody-trail.ts";
import { OutboxMover } from "./outbox-mover.ts";
import { Upkeep } from "./upkeep.ts";
import { QueueShares } from "./queue-shares.ts";
import type { TrailRecord } from "./facts.ts";
import type { Place, Scan, SidecarSearch, TrailSource } from "./source.ts";

/** Records of reads and denials are on disk at most this long after the answer (milliseconds). */
export const flushInterval = 100;
/**
 * Characters after which a batch does not wait for the interval. Its bytes then stay within the memory that LineBytes
 * keeps for the next batch: what is allocated beyond that is old when it is let go, and makes V8 mark its whole heap
 * several times a second.
 */
const batchCharacters = 1_500_000;
/** How long to wait after a failed write before the next one (milliseconds). */
const retryInterval = 1000;
/** Bytes of records that may wait while the files cannot be written: some 30,000 records. */
const queueLimit = 64_000_000;
/** More of them for what a change that goes on may still leave: its denial. */
const queueMargin = 16_000_000;

/** Where several processes write one trail, one of them empties the outbox for all. */
export interface TrailCollector {
  /** Moves what is in the outbox to the trail; resolves once it is there. */
  drain(): Promise<void>;
  /** Resolves once the records that any process has taken so far are on disk. */
  settle(): Promise<void>;
}

export interface TrailOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Null keeps the newest records in memory only (ephemeral). */
  readonly files: TrailFiles | null;
  /** Null when this process empties the outbox itself. */
  readonly collector?: TrailCollector | null | undefined;
  /** Those that are not given have their defaults. */
  readonly keeping?: Partial<TrailKeeping> | undefined;
  /** How large the disk is, instead of asking it. */
  readonly measureDisk?: ((directory: string) => Promise<DiskSize>) | undefined;
  /** Told of what went wrong while writing; the trail tries again by itself. */
  readonly onError: (error: unknown) => void;
}

/**
 * The trail of every call. The record of a write is a row of the same transaction (the outbox) and is moved to the
 * file afterwards: no committed change is ever missing from it. Records of reads and denials are appended in batches,
 * at most `flushInterval` after the answer; a crash can lose those of the last interval, never those of a change.
 */
export class Trail implements TrailSource {
  readonly #clock: Clock;
  readonly #files: TrailFiles | null;
  readonly #collector: TrailCollector | null;
  readonly #onError: (error: unknown) => void;
  /** What the files have not taken yet: one batch, or more after a failure. */
  #queue: TrailBatch[] = [];
  readonly #shares = new QueueShares();
  /** Of them those that are being written. */
  #written: readonly TrailBatch[] = [];
  /** What waits for the memory: changes that came before it go first. */
  #records: TrailRecord[] = [];
  #queued = 0;
  /** Of records that wait for the memory. */
  #characters = 0;
  #flushFailures = 0;
  #failing = false;
  /** A long batch waits for the one before it to be written. */
  #writesSoon = false;
  /** Somebody wants to see all there is, also what was only counted. */
  #tellsCounts = false;
  readonly #memory = new TrailMemory();
  /** Null in memory. */
  readonly #upkeep: Upkeep | null;
  readonly #nobody: NobodyTrail;
  readonly #outbox: OutboxMover;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: TrailOptions) {
    this.#clock = options.clock;
    this.#files = options.files;
    this.#collector = options.collector ?? null;
    this.#onError = options.onError;
    const { files, database } = options;
    const collector = this.#collector;
    this.#outbox = new OutboxMover({
      database,
      elsewhere: collector === null ? null : () => collector.drain(),
      keep: (records) => this.#keep(records),
    });
    const keeping = { ...defaultKeeping, ...options.keeping };
    const deletes = this.#collector === null;
    this.#upkeep = files === null ? null : new Upkeep({ ...options, directory: files.directory, keeping, deletes });
    this.#nobody = new NobodyTrail(files?.nobody ?? this.#memory, keeping, () =>
      files === null && this.#memory.manyOfNobody ? "short" : this.room,
    );
  }

  /** Moves what a crash left in the outbox, where that is this process's to do; called once, before the server listens. */
  async recover(): Promise<void> {
    await this.#nobody.recover(this.#clock.now());
    await this.#upkeep?.tend();
    if (this.#collector !== null) return;
    if (this.#files !== null) this.#outbox.keptBefore([...(await this.#files.recentIds())].reverse());
    this.#outbox.committed();
    await this.writeOut();
  }

  /** Takes the record of a call that changed nothing. @param payer who is charged for the room it takes */
  append(records: readonly TrailRecord[], payer: string): void {
    for (const record of records) {
      this.#queued++;
      if (this.#files !== null) this.#lastBatch(this.#files).add(record);
      else {
        this.#records.push(record);
        this.#characters += sizeOf(record);
      }
      this.#shares.add(payer, sizeOf(record), this.#bytes);
    }
    if (this.#isLong) this.#writeSoon();
    else this.#schedule();
  }

  /** Takes the record of a request that no caller was verified for, or counts it. @param make its text */
  appendOfNobody(facts: CountedFacts, make: () => string): void {
    this.#nobody.take(facts, make);
    this.#schedule();
  }

  /** Counts a request that cannot have a record. */
  count(facts: CountedFacts): void {
    this.#nobody.count(facts);
    this.#schedule();
  }

  /** Writes the records of a change into its own transaction. */
  appendWithin(tx: Tx, records: readonly TrailRecord[]): void {
    for (const record of records) {
      outbox.append(tx, {
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
    this.#outbox.committed();
    this.#schedule();
  }

  /** No room for the record of another read until the files can be written again. */
  get full(): boolean {
    return this.#bytes >= queueLimit;
  }

  /** Whether somebody's records alone take more of the queue than is fair: he waits until there is room again. */
  crowdedBy(payer: string): boolean {
    return this.#shares.exceeds(payer);
  }

  /** Nor for that of a change that is denied. */
  get exhausted(): boolean {
    return this.#bytes >= queueLimit + queueMargin;
  }

  /** What the trail's disk has; in memory there is always enough. */
  get room(): Room {
    return this.#upkeep?.room ?? "enough";
  }

  /** What is left of the disk is for changes: all else waits, and is refused once its queue is full. */
  get holds(): boolean {
    return this.room === "reserve" || this.room === "last";
  }

  /** How the writing goes. `failing`: the last attempt failed, and is repeated until one succeeds. */
  get state(): {
    readonly queued: number;
    readonly bytes: number;
    readonly failures: number;
    readonly failing: boolean;
    /** Requests of nobody that have no record of their own. */
    readonly counted: number;
    /** Bytes of the disk; null where it is not known. */
    readonly free: number | null;
  } {
    return {
      queued: this.#queued,
      bytes: this.#bytes,
      failures: this.#flushFailures,
      failing: this.#failing,
      counted: this.#nobody.counted,
      free: this.#upkeep?.free ?? null,
    };
  }

  /** Everything taken so far is on disk when this resolves, also what other workers have taken. */
  async flush(): Promise<void> {
    this.#tellsCounts = true;
    await this.writeOut();
    const collector = this.#collector;
    if (collector !== null) await this.#tried(() => collector.settle());
  }

  /** The same for what this process has taken. */
  writeOut(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flushNow());
    return this.#flushing;
  }

  /** As `TrailSource.scan`. It waits for nothing: who wants the newest records calls `flush` before. */
  async scan(from: Place | null, budget: ReadBudget): Promise<Scan> {
    return this.#files === null ? this.#memory.scan(from, budget) : this.#files.scan(from, budget);
  }

  /** All records, the newest first, as long as the caller goes on: it has no bound of its own. */
  async *newestFirst(): AsyncIterable<string> {
    const scan = await this.scan(null, { left: Number.POSITIVE_INFINITY });
    try {
      for (let record = await scan.next(); record !== null; record = await scan.next()) {
        if (record.whole) yield record.bytes.toString("utf8");
      }
    } finally {
      await scan.close();
    }
  }

  /** As `TrailSource.sidecar`. */
  async sidecar(file: string, eventId: string, before: number | null, budget: ReadBudget): Promise<SidecarSearch> {
    return this.#files === null ? this.#memory.sidecar(eventId) : this.#files.sidecar(file, eventId, before, budget);
  }

  /** As `TrailSource.documents`. */
  async documents(file: string, end: number, hashes: Iterable<string>): Promise<FoundDocuments> {
    return this.#files === null ? this.#memory.documents(hashes) : this.#files.documents(file, end, hashes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#upkeep?.close();
    this.#tellsCounts = true;
    await this.writeOut();
    await this.#files?.close();
    await this.#files?.nobody.close();
  }

  /** After a failure the queue only grows, until the next attempt is due. */
  get #isLong(): boolean {
    return !this.#failing && !this.holds && (this.#queue.at(-1)?.characters ?? 0) >= batchCharacters;
  }

  #writeSoon(): void {
    if (this.#writesSoon) return;
    this.#writesSoon = true;
    void this.writeOut();
  }

  #schedule(delay = flushInterval): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.writeOut();
    }, delay);
    this.#timer.unref();
  }

  /** Nothing is dropped: what could not be written is tried again. Either part goes on when the other cannot. */
  async #flushNow(): Promise<void> {
    await this.#upkeep?.look();
    const outboxGood = await this.#tried(() => this.#outbox.move(this.#closed));
    if (this.#records.length > 0) this.#moveToMemory();
    this.#writesSoon = false;
    const holds = this.holds && !this.#closed;
    const batchesGood = holds || (await this.#writeBatches());
    const all = this.#tellsCounts;
    this.#tellsCounts = false;
    const nobodyGood = await this.#tried(() => this.#nobody.flush(this.#clock.now(), all, this.#closed));
    this.#failing = !outboxGood || !batchesGood;
    if (this.#failing || !nobodyGood || holds || !this.#nobody.empty) this.#schedule(retryInterval);
  }

  async #writeBatches(): Promise<boolean> {
    const batches = this.#queue;
    this.#queue = [];
    this.#written = batches;
    const good = await this.#tried(async () => {
      for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
        await this.#write(this.#files!, batch);
        batches.shift();
        this.#queued -= batch.count;
      }
    });
    this.#written = [];
    this.#queue.unshift(...batches);
    this.#shares.written(this.#bytes);
    return good;
  }

  /** Memory that waiting records take. */
  get #bytes(): number {
    let bytes = this.#characters;
    for (const batch of this.#queue) bytes += batch.bytes;
    for (const batch of this.#written) bytes += batch.bytes;
    return bytes;
  }

  #lastBatch({ ledger }: TrailFiles): TrailBatch {
    const last = this.#queue.at(-1);
    if (last !== undefined) return last;
    const batch = new TrailBatch(ledger);
    this.#queue.push(batch);
    return batch;
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

  async #keep(records: readonly TrailRecord[]): Promise<void> {
    if (this.#files === null) this.#memory.append(records);
    else await this.#write(this.#files, TrailBatch.of(records, this.#files.ledger));
  }

  #moveToMemory(): void {
    this.#memory.append(this.#records);
    this.#records = [];
    this.#queued = 0;
    this.#characters = 0;
  }

  async #write(files: TrailFiles, batch: TrailBatch): Promise<void> {
    await files.write(batch, this.#clock.now());
    batch.release();
  }
}

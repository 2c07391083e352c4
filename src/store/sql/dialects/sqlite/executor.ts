/**
 * Runs transactions on one SQLite connection, one after the other.
 *
 * Writes that wait are run as a batch: one BEGIN IMMEDIATE … COMMIT, each write in a savepoint of its own, so that the
 * wait for the disk is paid once for all of them; each is told only after the commit. Reads share the connection and
 * run while no batch does, so they never see what is not committed. Work awaits store functions only, which answer at
 * once here: running one after the other costs no time.
 */
import { Contention, Unavailable } from "../../errors.ts";
import type { Eventual } from "../../eventual.ts";
import type { SqliteConnection } from "./connection.ts";

/** Bounds how long one batch holds up the event loop. */
const maxBatch = 128;

export interface QueuedWrite {
  /** The work and what must follow it before the commit. Rejects to give up this write alone. */
  run(): Promise<void>;
  committed(): void;
  /** @param error why the work or the commit failed: nothing of it was kept */
  failed(error: unknown): void;
}

/** How the batches of several processes take turns. */
export interface SqliteTurns {
  /** Begins the transaction once it is this process's turn. @throws Contention, Unavailable */
  begin(): Promise<void>;
  /** Milliseconds between two batches, in which another process may begin its own. */
  readonly pause: number;
}

export class SqliteExecutor {
  readonly #connection: SqliteConnection;
  readonly #turns: SqliteTurns | null;
  #writes: QueuedWrite[] = [];
  #waitingReads: (() => void)[] = [];
  #activeReads = 0;
  #batchRuns = false;
  #scheduled = false;
  /** A batch waits for the active reads; further reads wait behind it, or it might never come. */
  #batchDue = false;
  /** Why nothing runs any more. */
  #refusal: string | undefined;
  #idle: (() => void)[] = [];

  /** @param turns null where no other process writes */
  constructor(connection: SqliteConnection, turns: SqliteTurns | null = null) {
    this.#connection = connection;
    this.#turns = turns;
  }

  async read<T>(work: () => Promise<T>): Promise<T> {
    this.#admit();
    if (this.#batchRuns || this.#batchDue) await new Promise<void>((resolve) => this.#waitingReads.push(resolve));
    else this.#activeReads++;
    try {
      return await work();
    } finally {
      this.#readDone();
    }
  }

  /** The same for work that may be done at once. */
  glance<T>(work: () => Eventual<T>): Eventual<T> {
    this.#admit();
    if (this.#batchRuns || this.#batchDue) return this.read(async () => work());
    this.#activeReads++;
    let pending = false;
    try {
      const answer = work();
      if (!(answer instanceof Promise)) return answer;
      pending = true;
      return answer.finally(() => this.#readDone());
    } finally {
      if (!pending) this.#readDone();
    }
  }

  #readDone(): void {
    this.#activeReads--;
    this.#proceed();
  }

  write(write: QueuedWrite): void {
    this.#admit();
    this.#writes.push(write);
    this.#schedule();
  }

  /** Waits for everything that was asked for, then closes the connection. */
  async close(): Promise<void> {
    if (this.#refusal === closed) return;
    this.#refusal = closed;
    if (this.#busy()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#endSnapshot();
    this.#connection.close();
  }

  /** The transaction that reads have left open (held-snapshot.ts). */
  #endSnapshot(): void {
    if (this.#connection.inTransaction) this.#connection.execute("commit");
  }

  #admit(): void {
    if (this.#refusal !== undefined) throw new Unavailable(this.#refusal);
  }

  #busy(): boolean {
    return this.#batchRuns || this.#activeReads > 0 || this.#writes.length > 0;
  }

  /** Not at once: requests that arrived in the same turn of the event loop share a commit. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#due());
  }

  #due(): void {
    this.#scheduled = false;
    this.#batchDue = this.#writes.length > 0;
    this.#proceed();
  }

  /** Writes that waited behind a batch: others that waited as long come first. */
  #scheduleNext(): void {
    if (this.#turns === null || this.#scheduled) return this.#schedule();
    this.#scheduled = true;
    setTimeout(() => this.#due(), this.#turns.pause);
  }

  #proceed(): void {
    if (this.#batchRuns || this.#activeReads > 0) return;
    if (this.#batchDue) void this.#batch();
    else if (!this.#busy()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #batch(): Promise<void> {
    this.#batchRuns = true;
    this.#batchDue = false;
    await this.#commit(this.#writes.splice(0, maxBatch));
    this.#batchRuns = false;
    if (this.#writes.length > 0) this.#scheduleNext();
    const readers = this.#waitingReads.splice(0);
    this.#activeReads += readers.length;
    for (const resume of readers) resume();
    this.#proceed();
  }

  async #commit(batch: readonly QueuedWrite[]): Promise<void> {
    const done: QueuedWrite[] = [];
    let next = 0;
    try {
      this.#endSnapshot();
      if (this.#turns === null) this.#connection.execute("begin immediate");
      else await this.#turns.begin();
      for (const write of batch) {
        next++;
        if (await this.#runOne(write)) done.push(write);
      }
      this.#connection.execute("commit");
    } catch (error) {
      this.#giveUp();
      const cause =
        error instanceof Unavailable || error instanceof Contention
          ? error
          : new Unavailable("the transaction was not committed", { cause: error });
      for (const write of [...done, ...batch.slice(next)]) write.failed(cause);
      return;
    }
    for (const write of done) write.committed();
  }

  /** @returns whether the write is part of the commit. @throws when the whole transaction is gone */
  async #runOne(write: QueuedWrite): Promise<boolean> {
    this.#connection.execute("savepoint work");
    try {
      await write.run();
      this.#connection.execute("release work");
      return true;
    } catch (error) {
      write.failed(error);
      // SQLite gave up everything (disk full, I/O error): the earlier works of the batch are lost with this one.
      if (!this.#connection.inTransaction) throw error;
      this.#connection.execute("rollback to work; release work");
      return false;
    }
  }

  #giveUp(): void {
    try {
      if (this.#connection.inTransaction) this.#connection.execute("rollback");
    } catch {
      // Reads on this connection would see what was never committed: better to answer nothing.
      this.#refusal ??= "a failed transaction could not be rolled back; the server must be restarted";
    }
  }
}

const closed = "the database is closed";

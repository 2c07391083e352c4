import type pg from "pg";

import type { Clock } from "../../../../clock/clock.ts";
import type { Domain } from "../../domain.ts";
import { Contention, Unavailable } from "../../errors.ts";
import type { OwnCommits } from "../../own-commits.ts";
import type { Revision } from "../../revision.ts";
import * as revisions from "../../revisions.ts";
import type { Tx } from "../../transaction.ts";
import { deferred, Transaction } from "../../transaction.ts";
import { PostgresqlConnection } from "./connection.ts";
import { isContention } from "./errors.ts";
import { KnownRevisions } from "./known-revisions.ts";
import { Session } from "./session.ts";
import type { BatchOutcome, Company, QueuedWrite } from "./write-line.ts";

interface Parts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ownCommits: OwnCommits;
}

/**
 * Runs writes in one transaction, one after the other, each in a savepoint of its own: the begin, the lock and the wait
 * for the disk are paid once for all of them, and an error takes back only its own. Each sees what those before it did,
 * and is told what became of it only after the commit.
 *
 * Nothing of a domain is held while a stranger to it is waited for: of several domains only those are locked that are
 * free, and whoever would have to wait, or to lock another domain, is run again in less company.
 *
 * Never rejects.
 */
export function runBatch(parts: Parts, batch: readonly QueuedWrite[]): Promise<BatchOutcome> {
  return new WriteBatch(parts, batch).run();
}

class WriteBatch {
  readonly #parts: Parts;
  readonly #batch: readonly QueuedWrite[];
  readonly #session: Session;
  /** Whether there is somebody whom it must not harm. */
  readonly #several: boolean;
  /** Whether it waits for no lock of a domain. */
  readonly #onlyFree: boolean;
  /** What to tell once all is committed. */
  readonly #told = new Map<QueuedWrite, () => void>();
  readonly #again = new Map<QueuedWrite, Company>();
  /** Statements that nobody waits for but the commit. */
  readonly #deferred: Promise<unknown>[] = [];
  readonly #raised = new Set<Domain>();
  /** What makes the next savepoint; null where it is there. */
  #savepoint: string | null = "savepoint work";

  constructor(parts: Parts, batch: readonly QueuedWrite[]) {
    this.#parts = parts;
    this.#batch = batch;
    this.#several = batch.length > 1;
    this.#onlyFree = batch[0]!.company === "any";
    const domains = [...new Set(batch.map(({ domain }) => domain))];
    this.#session = new Session(parts.pool, "write", { domains, onlyFree: this.#onlyFree });
  }

  async run(): Promise<BatchOutcome> {
    let lost = false;
    try {
      if (this.#onlyFree) await this.#session.begin();
      for (const write of this.#batch) await this.#runOne(write);
      await this.#commit();
    } catch (error) {
      await this.#session.rollback(error);
      lost = isContention(error) || (this.#several && !(error instanceof Unavailable));
      this.#giveUp(error);
    } finally {
      await this.#session.release();
    }
    for (const tell of this.#told.values()) tell();
    return { again: [...this.#again].map(([write, company]) => ({ ...write, company })), lost };
  }

  /** @throws what ends the whole batch */
  async #runOne(write: QueuedWrite): Promise<void> {
    if (this.#onlyFree && this.#session.lockedRevision(write.domain) === undefined) {
      this.#again.set(write, "domain");
      return;
    }
    try {
      const result = await this.#work(write);
      this.#told.set(write, () => write.committed(result));
    } catch (error) {
      // Who lost has a snapshot that all others share: they would lose as well.
      if (!this.#several || !this.#session.works || isContention(error)) throw error;
      await this.#takeBack();
      if (error instanceof Contention || error instanceof NotLocked) this.#again.set(write, "none");
      else this.#told.set(write, () => write.failed(error));
    }
  }

  async #work(write: QueuedWrite): Promise<unknown> {
    if (this.#several) await this.#save();
    const { target, tx } = this.#transaction();
    try {
      const result = await write.work(tx);
      this.#note(await revisions.raise(tx, this.#lockedRevision));
      this.#deferred.push(...tx[deferred]);
      return result;
    } finally {
      target.end();
    }
  }

  #transaction(): { readonly target: PostgresqlConnection; readonly tx: Tx } {
    const target = new PostgresqlConnection(this.#session);
    const known = new KnownRevisions(this.#session, null);
    const parts = { ...this.#parts, writable: true, connection: target };
    return { target, tx: new Transaction(parts, known.revision, known.read) };
  }

  /** Makes the savepoint to go back to; it goes to the server with what comes next. */
  async #save(): Promise<void> {
    const text = this.#savepoint;
    this.#savepoint = "release savepoint work; savepoint work";
    if (text === null) return;
    const { answer } = await this.#session.send({ text });
    // Where it cannot be made nothing can, and whatever comes next is told.
    answer.catch(() => undefined);
  }

  /** The savepoint is still there behind it. */
  async #takeBack(): Promise<void> {
    await (
      await this.#session.send({ text: "rollback to savepoint work" })
    ).answer;
    this.#savepoint = null;
  }

  readonly #lockedRevision = (domain: Domain): Revision | undefined => {
    const locked = this.#session.lockedRevision(domain);
    if (locked === undefined && this.#several) throw new NotLocked(domain);
    return locked;
  };

  /** Before the commit, so that the next of the batch knows. Should that fail, nothing ever has the revision's stamp. */
  #note(raised: readonly revisions.Raised[]): void {
    for (const { domain, revision, changes } of raised) {
      const before = this.#session.lockedRevision(domain);
      if (before === undefined) continue;
      this.#parts.ownCommits.note(domain, { before, after: revision, changes });
      this.#session.raiseTo(domain, revision);
      this.#raised.add(domain);
    }
  }

  /** What nobody has waited for, the revisions and the commit go to the server together. */
  async #commit(): Promise<void> {
    const { target, tx } = this.#transaction();
    for (const domain of this.#raised) revisions.put(tx, domain, this.#session.revisionOf(domain)!);
    target.end();
    const committed = this.#session.commit();
    committed.catch(() => undefined);
    // A statement that failed says why; the commit only that it did not happen.
    await Promise.all([...this.#deferred, ...tx[deferred]]);
    await committed;
  }

  /** Nothing is committed. What became of a commit that was sent is unknown where the database is gone. */
  #giveUp(error: unknown): void {
    this.#told.clear();
    if (!this.#several || error instanceof Unavailable) {
      this.#again.clear();
      for (const write of this.#batch) this.#told.set(write, () => write.failed(error));
      return;
    }
    for (const write of this.#batch) this.#again.set(write, this.#again.get(write) ?? write.company);
  }
}

/** A work of a batch changed a domain that is not locked. */
class NotLocked extends Error {}

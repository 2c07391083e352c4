import type { Domain } from "../../domain.ts";
import type { Tx } from "../../transaction.ts";

/** Writes in one transaction: bounds what is lost with it, and below the 64 savepoints that a server keeps at hand. */
const mostTogether = 32;

/**
 * Who may be in one transaction with a write: anybody; others of its domain, since its domain is locked by another node,
 * which only those shall wait for who have to; nobody, since it locks more than its domain, or lost by itself.
 */
export type Company = "any" | "domain" | "none";

export interface QueuedWrite {
  readonly domain: Domain;
  readonly company: Company;
  work(tx: Tx): Promise<unknown>;
  committed(result: unknown): void;
  /** @param error why nothing of it was kept */
  failed(error: unknown): void;
}

export interface BatchOutcome {
  /** Those that are to be run again, with the company that they may have. */
  readonly again: readonly QueuedWrite[];
  /** Whether all of it lost against another transaction, or for the sake of one of its works. */
  readonly lost: boolean;
}

/** Runs all in one transaction. Never rejects. */
type RunBatch = (batch: readonly QueuedWrite[]) => Promise<BatchOutcome>;

/**
 * The writes of this process that wait. Those that wait together are run as a batch, one batch at a time: beside each
 * other they would mostly abort each other, also those of several domains, whose rows share pages of indexes (PostgreSQL
 * manual, "Serializable Isolation Level"). Only who waits for another node, or must be alone, goes beside it, in one
 * transaction of a domain at a time.
 */
export class WriteLine {
  readonly #run: RunBatch;
  readonly #waiting = new Map<Domain, QueuedWrite[]>();
  /** Domains whose writes are under way. */
  readonly #held = new Set<Domain>();
  #batchRuns = false;
  /** How many may be together now: fewer once a batch has lost against another node, then slowly more again. */
  #most = mostTogether;
  #scheduled = false;

  constructor(run: RunBatch) {
    this.#run = run;
  }

  write<T>(domain: Domain, work: (tx: Tx) => Promise<T>, company: Company): Promise<T> {
    return new Promise<T>((resolve, failed) => {
      this.#lineOf(domain).push({ domain, company, work, committed: (result) => resolve(result as T), failed });
      this.#schedule();
    });
  }

  #lineOf(domain: Domain): QueuedWrite[] {
    let line = this.#waiting.get(domain);
    if (line === undefined) this.#waiting.set(domain, (line = []));
    return line;
  }

  /** Not at once: writes that are asked for in one turn go together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    for (const [domain, line] of this.#waiting) {
      if (line[0]!.company !== "any" && !this.#held.has(domain)) void this.#go(this.#take(domain, this.#apart(line)));
    }
    if (this.#batchRuns) return;
    const batch = this.#together();
    if (batch.length === 0) return;
    this.#batchRuns = true;
    void this.#go(batch).then(() => {
      this.#batchRuns = false;
      this.#start();
    });
  }

  async #go(batch: readonly QueuedWrite[]): Promise<void> {
    const { again, lost } = await this.#run(batch);
    this.#most = lost ? Math.max(1, batch.length >> 2) : Math.min(mostTogether, this.#most + 1);
    for (const { domain } of batch) this.#held.delete(domain);
    // They have waited longest, and were in this order.
    for (const write of again.toReversed()) this.#lineOf(write.domain).unshift(write);
    this.#schedule();
  }

  /** How many at the head of a line are run by themselves. */
  #apart(line: readonly QueuedWrite[]): number {
    if (line[0]!.company === "none") return 1;
    const others = line.findIndex(({ company }) => company !== "domain");
    return Math.min(this.#most, others < 0 ? line.length : others);
  }

  /** One of each domain in turn, so that nobody's many keep others out. */
  #together(): QueuedWrite[] {
    const lines = [...this.#waiting.values()].filter(([first]) => !this.#held.has(first!.domain));
    const counts = lines.map(() => 0);
    let room = this.#most;
    for (let round = 0, more = true; more && room > 0; round++) {
      more = false;
      for (const [index, line] of lines.entries()) {
        if (room === 0) break;
        if (counts[index] !== round || line[round]?.company !== "any") continue;
        counts[index]!++;
        room--;
        more = true;
      }
    }
    return lines.flatMap((line, index) => (counts[index] === 0 ? [] : this.#take(line[0]!.domain, counts[index]!)));
  }

  /** Takes the first of a domain's; the rest stand behind all others. */
  #take(domain: Domain, count: number): QueuedWrite[] {
    const line = this.#waiting.get(domain)!;
    this.#waiting.delete(domain);
    this.#held.add(domain);
    const taken = line.splice(0, count);
    if (line.length > 0) this.#waiting.set(domain, line);
    return taken;
  }
}

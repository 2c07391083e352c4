import { LRUCache } from "lru-cache";

import type { Domain } from "../../domain.ts";
import type { Eventual } from "../../eventual.ts";
import type { Revision } from "../../revision.ts";

export type Revisions = ReadonlyMap<Domain, Revision>;
type Fetch = (domains: readonly Domain[]) => Promise<Revisions>;

interface Round {
  readonly domains: Set<Domain>;
  readonly result: Promise<Revisions>;
}

/** Domains whose last answer is kept, for the requests that are under way. */
const mostAnswers = 2_000;

/**
 * One query for all who wait: a caller's answer comes from a query that began after its call, or after an earlier moment
 * that it names: a request asks once, and its steps go by the same answer. While one query is under way, callers gather
 * for the next.
 */
export class CoalescedRevisions {
  readonly #fetch: Fetch;
  /** The last answers, and when their queries began. */
  readonly #answers = new LRUCache<Domain, { readonly began: number; readonly all: Revisions }>({
    maxSize: mostAnswers,
    sizeCalculation: () => 1,
  });
  #gathering: Round | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** @param asOf a moment of performance.now(): an answer that is no older will do */
  read(domains: readonly Domain[], asOf?: number): Eventual<Revisions> {
    return (asOf === undefined ? undefined : this.#known(domains, asOf)) ?? this.#ask(domains);
  }

  #known(domains: readonly Domain[], asOf: number): Revisions | undefined {
    const answer = this.#answers.get(domains[0]!);
    const good = answer !== undefined && answer.began >= asOf && domains.every((domain) => answer.all.has(domain));
    return good ? answer.all : undefined;
  }

  #ask(domains: readonly Domain[]): Promise<Revisions> {
    const round = (this.#gathering ??= this.#next());
    for (const domain of domains) round.domains.add(domain);
    return round.result;
  }

  #next(): Round {
    const domains = new Set<Domain>();
    const result = this.#running.then(() => {
      this.#gathering = undefined;
      return this.#query([...domains]);
    });
    this.#running = result.catch(() => undefined);
    return { domains, result };
  }

  async #query(domains: readonly Domain[]): Promise<Revisions> {
    const began = performance.now();
    const all = await this.#fetch(domains);
    for (const domain of domains) this.#answers.set(domain, { began, all });
    return all;
  }
}

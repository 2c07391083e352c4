import type { Domain } from "../../domain.ts";
import type { Revision } from "../../revision.ts";

type Fetch = (domains: readonly Domain[]) => Promise<ReadonlyMap<Domain, Revision>>;

interface Round {
  readonly domains: Set<Domain>;
  readonly result: Promise<ReadonlyMap<Domain, Revision>>;
}

/**
 * One query for all who wait: a caller's answer comes from a query that began after its call. While one query is under
 * way, callers gather for the next.
 */
export class CoalescedRevisions {
  readonly #fetch: Fetch;
  #gathering: Round | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  read(domains: readonly Domain[]): Promise<ReadonlyMap<Domain, Revision>> {
    const round = (this.#gathering ??= this.#next());
    for (const domain of domains) round.domains.add(domain);
    return round.result;
  }

  #next(): Round {
    const domains = new Set<Domain>();
    const result = this.#running.then(() => {
      this.#gathering = undefined;
      return this.#fetch([...domains]);
    });
    this.#running = result.catch(() => undefined);
    return { domains, result };
  }
}

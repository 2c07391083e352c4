import type { Revision } from "../../revision.ts";

type Fetch = (accounts: readonly string[]) => Promise<ReadonlyMap<string, Revision>>;

interface Round {
  readonly accounts: Set<string>;
  readonly result: Promise<ReadonlyMap<string, Revision>>;
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

  read(accounts: readonly string[]): Promise<ReadonlyMap<string, Revision>> {
    const round = (this.#gathering ??= this.#next());
    for (const account of accounts) round.accounts.add(account);
    return round.result;
  }

  #next(): Round {
    const accounts = new Set<string>();
    const result = this.#running.then(() => {
      this.#gathering = undefined;
      return this.#fetch([...accounts]);
    });
    this.#running = result.catch(() => undefined);
    return { accounts, result };
  }
}

import type { Domain } from "../../domain.ts";

/** Lets the writes of one domain wait for each other inside this process, where they would only abort each other. */
export class DomainQueues {
  readonly #tails = new Map<Domain, Promise<unknown>>();

  run<T>(domain: Domain, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(domain) ?? Promise.resolve();
    const result = before.then(work);
    const tail: Promise<void> = result.then(ignore, ignore).then(() => this.#forget(domain, tail));
    this.#tails.set(domain, tail);
    return result;
  }

  #forget(domain: Domain, tail: Promise<unknown>): void {
    if (this.#tails.get(domain) === tail) this.#tails.delete(domain);
  }
}

/** The next in line goes on whatever became of the one before. */
function ignore(): void {}

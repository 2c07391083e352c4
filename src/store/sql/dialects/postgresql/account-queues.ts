/** Lets the writes of one account wait for each other inside this process, where they would only abort each other. */
export class AccountQueues {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(account: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(account) ?? Promise.resolve();
    const result = before.then(work);
    const tail: Promise<void> = result.then(ignore, ignore).then(() => this.#forget(account, tail));
    this.#tails.set(account, tail);
    return result;
  }

  #forget(account: string, tail: Promise<unknown>): void {
    if (this.#tails.get(account) === tail) this.#tails.delete(account);
  }
}

/** The next in line goes on whatever became of the one before. */
function ignore(): void {}

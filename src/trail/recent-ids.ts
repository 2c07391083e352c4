/** As many as a start reads back from the files. */
const mostIds = 20_000;

/**
 * Ids of the newest changes that were written, oldest first: what is still in the outbox may be among them. More than one
 * batch is remembered: PostgreSQL commits out of sequence, so that rows of which nobody knew come before those whose
 * removal failed.
 */
export class RecentIds {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= mostIds) break;
      this.#ids.delete(oldest);
    }
  }
}

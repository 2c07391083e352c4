/** Bytes of waiting records from which it matters whose they are: half of what may wait. */
const crowded = 32_000_000;
/** Bytes that one caller may add beyond that. */
const fair = 16_000_000;

/**
 * Whose records fill the queue while it is crowded. Without it, who leaves records faster than the disk takes them would
 * fill it alone, and everybody's requests were refused.
 */
export class QueueShares {
  readonly #bytes = new Map<string, number>();

  /** @param waiting bytes of all records that wait */
  add(payer: string, bytes: number, waiting: number): void {
    if (waiting >= crowded) this.#bytes.set(payer, (this.#bytes.get(payer) ?? 0) + bytes);
  }

  /** Something was written. */
  written(waiting: number): void {
    if (waiting < crowded) this.#bytes.clear();
  }

  /** Whether a caller has had more than a fair share. */
  exceeds(payer: string): boolean {
    return this.#bytes.size > 0 && (this.#bytes.get(payer) ?? 0) >= fair;
  }
}

import { randomFillSync } from "node:crypto";

/** Randomness as an explicit input, so that a test can repeat a run. */
export interface Random {
  /** Cryptographically strong bytes; the buffer belongs to the caller. */
  bytes(count: number): Uint8Array;
}

const poolSize = 8192;

/** System randomness, drawn in pools: one system call serves many ids. */
export class SystemRandom implements Random {
  #pool = new Uint8Array(poolSize);
  #used = poolSize;
  bytes(count: number): Uint8Array {
    if (count > poolSize) return randomFillSync(new Uint8Array(count));
    if (this.#used + count > poolSize) {
      // A fresh pool: slices handed out before stay untouched.
      this.#pool = randomFillSync(new Uint8Array(poolSize));
      this.#used = 0;
    }
    const slice = this.#pool.subarray(this.#used, this.#used + count);
    this.#used += count;
    return slice;
  }
}

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

/** Seeded bytes (xorshift128+), for tests only: repeatable, not secret. */
export class SeededRandom implements Random {
  #a: bigint;
  #b: bigint;
  constructor(seed: number) {
    this.#a = BigInt(seed) * 0x9e3779b97f4a7c15n + 1n;
    this.#b = 0xbf58476d1ce4e5b9n;
  }
  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let index = 0; index < count; index++) out[index] = Number(this.#next() >> 56n) & 255;
    return out;
  }
  #next(): bigint {
    const mask = (1n << 64n) - 1n;
    let x = this.#a & mask;
    const y = this.#b & mask;
    this.#a = y;
    x ^= (x << 23n) & mask;
    this.#b = x ^ y ^ (x >> 17n) ^ (y >> 26n);
    return (this.#b + y) & mask;
  }
}

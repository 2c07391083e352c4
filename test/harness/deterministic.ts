/** Time and randomness that a test has in its hands. */
import type { Clock } from "../../src/clock/clock.ts";
import type { Random } from "../../src/clock/random.ts";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  readonly universal = true;
  #now: number;
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  /** @param ms milliseconds to go forward */
  advance(ms: number): void {
    this.#now += ms;
  }
  set(ms: number): void {
    this.#now = ms;
  }
}

/** Seeded bytes (xorshift128+): repeatable, not secret. */
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

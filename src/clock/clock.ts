/** Time as an explicit input: nothing in rolecall reads the wall clock but through a Clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whether it is the database's clock too: who moves time in a test moves all of it. */
  readonly universal?: boolean;
}

export const systemClock: Clock = { now: () => Date.now() };

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

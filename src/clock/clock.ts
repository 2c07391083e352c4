/** Time as an explicit input: nothing in rolecall reads the wall clock but through a Clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whether it is the database's clock too: who moves time in a test moves all of it. */
  readonly universal?: boolean;
}

export const systemClock: Clock = { now: () => Date.now() };

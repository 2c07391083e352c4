import type { Clock } from "./clock.ts";

/** What another clock said, and between which moments of `performance.now()` it was asked. */
export interface ClockReading {
  readonly time: number;
  readonly sent: number;
  readonly received: number;
}

/** A good oscillator drifts by less in its worst hour; what was read long ago is doubted by so much more. */
const driftPerMs = 0.001;

/**
 * The time that several machines agree on because each reads it from the same place, in between carried on by this
 * machine's monotonic clock: its wall clock may be wrong, and be set, as it likes. Until the first reading, and where
 * there is nothing to agree with, it is the machine's own clock.
 *
 * Which reading is believed is the choice of NTP (RFC 5905 §10): the one that took least time to come, until it has aged.
 */
export class AgreedClock implements Clock {
  readonly #own: Clock;
  readonly #monotonic: () => number;
  #reading: { readonly time: number; readonly at: number; readonly doubt: number } | null = null;

  constructor(own: Clock, monotonic: () => number = () => performance.now()) {
    this.#own = own;
    this.#monotonic = monotonic;
  }

  now(): number {
    const reading = this.#reading;
    if (reading === null) return this.#own.now();
    return Math.floor(reading.time + this.#monotonic() - reading.at);
  }

  /** How far this machine's own clock is ahead of the agreed time, in milliseconds. */
  get deviation(): number {
    return this.#reading === null ? 0 : Math.round(this.#own.now() - this.now());
  }

  /** Takes over what the other clock said, unless what is known is known better. */
  read({ time, sent, received }: ClockReading): void {
    // The other clock was read at some moment between the two.
    const doubt = (received - sent) / 2;
    const now = time + doubt;
    const known = this.#reading;
    if (known !== null) {
      const aged = known.doubt + (received - known.at) * driftPerMs;
      const apart = Math.abs(known.time + (received - known.at) - now);
      // Where both cannot be true the other clock was set, or is another one now.
      if (doubt >= aged && apart <= doubt + aged) return;
    }
    this.#reading = { time: now, at: received, doubt };
  }
}

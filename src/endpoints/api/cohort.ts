import type { Exchange } from "./exchange.ts";

/** Requests that go together at most: it bounds how long one waits for others. */
const most = 32;

/**
 * Gathers the requests that come in one turn of the event loop, and lets them go together at its end
 * (pipeline.ts says why). A lone request waits for nothing: its turn ends with it.
 */
export class Cohort {
  readonly #go: (exchanges: readonly Exchange[]) => void;
  #waiting: Exchange[] = [];
  #scheduled = false;

  constructor(go: (exchanges: readonly Exchange[]) => void) {
    this.#go = go;
  }

  add(exchange: Exchange): void {
    if (this.#waiting.push(exchange) >= most) return this.#leave();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turnEnds);
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    this.#leave();
  };

  #leave(): void {
    const exchanges = this.#waiting;
    this.#waiting = [];
    if (exchanges.length > 0) this.#go(exchanges);
  }
}

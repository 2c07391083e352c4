import type { BodyHold } from "./body-budget.ts";
import { Overload } from "./overload.ts";
import type { ReaderOptions } from "./reader.ts";

/**
 * What one connection has sent ahead: further requests that wait for the answer to the one before them. Nobody knows yet
 * who sent them, so they count among the bodies of requests without a known key.
 */
export class Ahead {
  readonly #options: Pick<ReaderOptions, "bodies" | "figures">;
  #hold: BodyHold | null = null;
  #bytes = 0;

  constructor(options: Pick<ReaderOptions, "bodies" | "figures">) {
    this.#options = options;
  }

  get waiting(): boolean {
    return this.#hold !== null;
  }

  /** Counts what waits now, instead of what did. @returns false where there is no room; nothing is counted then */
  hold(bytes: number): boolean {
    const { bodies, figures } = this.#options;
    this.release();
    const hold = bodies.hold(false);
    try {
      hold.add(bytes);
    } catch (error) {
      if (!(error instanceof Overload)) throw error;
      figures.aheadRefused++;
      return false;
    }
    this.#hold = hold;
    this.#bytes = bytes;
    figures.aheadBytes += bytes;
    return true;
  }

  release(): void {
    if (this.#hold === null) return;
    this.#hold.release();
    this.#hold = null;
    this.#options.figures.aheadBytes -= this.#bytes;
    this.#bytes = 0;
  }
}

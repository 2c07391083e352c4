import type { Socket } from "node:net";
import type { HttpLimits } from "./limits.ts";
import type { Arrival } from "./arrival.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { HttpFigures } from "./figures.ts";

/**
 * Reads requests off connections and writes their answers: one request of a connection at a time, in the order in which
 * they came, at most one in a turn of the event loop. What is sent ahead waits, bounded and counted (ahead.ts), and a
 * client that does not take its answers is not read any further.
 */
export interface HttpReader {
  /** Takes a connection over that is ready to speak HTTP; what was read and not taken has been put back (`unshift`). */
  take(socket: Socket): void;

  /**
   * Ends connections on which nothing is under way. From now on the others end with their last answer: what has come
   * before is answered.
   */
  closeIdle(): void;

  /** After the last connection has ended. */
  close(): void;
}

export interface ReaderOptions {
  readonly limits: HttpLimits;
  /** Counts bodies, and what is sent ahead. */
  readonly bodies: BodyBudget;
  readonly figures: HttpFigures;
  /** Takes a request to its answer; never before the call has returned. */
  readonly serve: (arrival: Arrival) => void;
}

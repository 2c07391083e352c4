import type { Rendered } from "../../wire/rendered.ts";
import type { Arrival } from "./arrival.ts";

/** Answers that wait at most; at so many they go. It bounds how long an answer waits for others. */
const most = 32;

/**
 * Hands over the answers of one turn of the event loop together, at its end. Every write wakes the client that waits for
 * it; a kernel that wakes one thread for several answers does less than one that wakes it for each (a tenth of all
 * processor time of a small request). A lone answer waits for nothing: its turn ends with it.
 */
export class AnswerQueue {
  readonly #onDefect: (error: unknown) => void;
  /** Arrival, answer, arrival, answer … */
  #waiting: (Arrival | Rendered)[] = [];
  #scheduled = false;

  constructor(onDefect: (error: unknown) => void) {
    this.#onDefect = onDefect;
  }

  add(arrival: Arrival, answer: Rendered): void {
    if (this.#waiting.push(arrival, answer) >= 2 * most) return this.#handOver();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turnEnds);
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    this.#handOver();
  };

  /** Hands over what the work has added at the work's end, which needs no further turn of the event loop. */
  gather(work: () => void): void {
    const scheduled = this.#scheduled;
    this.#scheduled = true;
    try {
      work();
    } finally {
      this.#scheduled = scheduled;
      this.#handOver();
    }
  }

  #handOver(): void {
    const answers = this.#waiting;
    this.#waiting = [];
    for (let index = 0; index < answers.length; index += 2) {
      const arrival = answers[index] as Arrival;
      try {
        arrival.answer(answers[index + 1] as Rendered);
      } catch (error) {
        this.#onDefect(error);
        arrival.abandon();
      }
    }
  }
}

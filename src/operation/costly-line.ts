import { LRUCache } from "lru-cache";

/** What a request may cost, in microseconds of processor time, before its sender has to stand in the line. */
const costly = 2000;
/** Milliseconds for which who has caused costly work stands in the line. */
const memory = 5000;
/** Senders that are remembered at once; the one that was not looked for in the longest time is forgotten first. */
const mostMarked = 1000;

/**
 * A line for what is costly: a large body to hash and read, and the requests of whoever has lately caused costly work. One
 * at a time is done, senders taking turns, and between two of them everybody else is served: however many connections one
 * sender has, a neighbour waits for one of his requests at most, not for all of them. Nobody else ever stands here.
 */
export class CostlyLine {
  readonly #marked = new LRUCache<string, number>({ max: mostMarked });
  /** What each sender has waiting; the order of the senders is that of their turns. */
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #now: () => number;
  #busy = false;

  /** @param now milliseconds of a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Requests that wait. */
  get length(): number {
    let length = 0;
    for (const turns of this.#waiting.values()) length += turns.length;
    return length;
  }

  /** Requests of one sender that wait. */
  waitingOf(sender: string): number {
    return this.#waiting.get(sender)?.length ?? 0;
  }

  /** Whether a sender has caused costly work lately. */
  isMarked(sender: string): boolean {
    if (this.#marked.size === 0) return false;
    const until = this.#marked.get(sender);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#marked.delete(sender);
    return false;
  }

  /** @param cost of one request of the sender, in microseconds */
  mark(sender: string, cost: number): void {
    if (cost < costly) return;
    this.#marked.set(sender, this.#now() + memory);
  }

  /** Takes the turn, or waits for it. Whoever has it must `leave`. */
  enter(sender: string): void | Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    return new Promise((resolve) => {
      const turns = this.#waiting.get(sender);
      if (turns === undefined) this.#waiting.set(sender, [resolve]);
      else turns.push(resolve);
    });
  }

  /** Ends a turn. The next one begins once everybody else was served that has come meanwhile. */
  leave(): void {
    setImmediate(() => this.#next());
  }

  #next(): void {
    const first = this.#waiting.entries().next().value;
    if (first === undefined) {
      this.#busy = false;
      return;
    }
    const [sender, turns] = first;
    this.#waiting.delete(sender);
    const begin = turns.shift()!;
    // Behind all the others.
    if (turns.length > 0) this.#waiting.set(sender, turns);
    begin();
  }
}

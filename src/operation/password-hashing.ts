import { Fault } from "../contracts/fault.ts";
import { CostlyLine } from "./costly-line.ts";

/** What a hash costs: KiB of memory, passes over it, threads. */
export interface HashingCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP Password Storage Cheat Sheet, argon2id: 20 ms or so, and 19 MiB. */
const usualCost: HashingCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Passwords that one sender, and all of them together, may have waiting. */
const mostOfSender = 8;
const mostWaiting = 200;

/**
 * Hashes passwords with argon2id, on a thread of its own and one at a time: however many are sent, the other threads stay
 * free for files, and the memory is that of one. Senders take turns, so that a neighbour waits for one password of theirs
 * at most. A node verifies some fifty passwords a second, which is a bound on guessing as well.
 */
export class PasswordHashing {
  readonly #line = new CostlyLine();
  readonly #cost: HashingCost;

  constructor(cost: HashingCost = usualCost) {
    this.#cost = cost;
  }

  /** @param sender who takes the turn @returns a PHC string, salt and cost included @throws Fault ServiceUnavailable */
  hash(password: string, sender: string): Promise<string> {
    return this.#inTurn(sender, ({ hash }) => hash(password, this.#cost));
  }

  /** @throws Fault ServiceUnavailable */
  matches(password: string, hash: string, sender: string): Promise<boolean> {
    return this.#inTurn(sender, ({ verify }) => verify(hash, password));
  }

  async #inTurn<T>(sender: string, work: (argon2: Argon2) => Promise<T>): Promise<T> {
    if (this.#line.length >= mostWaiting || this.#line.waitingOf(sender) >= mostOfSender) throw tooMany();
    await this.#line.enter(sender);
    try {
      return await work(await argon2());
    } finally {
      this.#line.leave();
    }
  }
}

type Argon2 = typeof import("@node-rs/argon2");

/** Native code, for the processors that npm has it for: where there is none, the server does all but this. */
function argon2(): Promise<Argon2> {
  return import("@node-rs/argon2");
}

function tooMany(): Fault {
  return new Fault("ServiceUnavailable", 503, "Too many passwords wait to be verified; try again in a moment.");
}

import { payerOf } from "../session/actor.ts";
import type { Actor } from "../session/actor.ts";

/**
 * Searches that may be under way at once. Each holds what one answer and one record may have, some megabytes, and takes a
 * part of one processor.
 */
export const searchLimits = {
  /** Of one user, role (all its sessions together) or root. */
  principal: 2,
  /** Of all principals of an account together: one account's do not turn away another's. */
  account: 4,
  /** Of one server process. */
  process: 8,
} as const;

/** The searches of one server process: what looks through the trail's files takes a place first, and gives it back. */
export class Searches {
  readonly #running = new Map<string, number>();
  #total = 0;

  get running(): number {
    return this.#total;
  }

  /** @returns what gives the place back, to be called once; null where there is none */
  enter(caller: Actor): (() => void) | null {
    const principal = `principal ${payerOf(caller)}`;
    const whole = `account ${caller.account}`;
    const room =
      this.#total < searchLimits.process &&
      this.#count(principal) < searchLimits.principal &&
      this.#count(whole) < searchLimits.account;
    if (!room) return null;
    this.#add(principal, 1);
    this.#add(whole, 1);
    this.#total++;
    return () => {
      this.#add(principal, -1);
      this.#add(whole, -1);
      this.#total--;
    };
  }

  #count(key: string): number {
    return this.#running.get(key) ?? 0;
  }

  #add(key: string, more: 1 | -1): void {
    const count = this.#count(key) + more;
    if (count === 0) this.#running.delete(key);
    else this.#running.set(key, count);
  }
}

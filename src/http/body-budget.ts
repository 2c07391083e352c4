import { Overload } from "./overload.ts";

/** Bytes of bodies that one process holds at once; what comes beyond waits for nothing: it is turned away. */
const defaultLimit = 128_000_000;
/** The part of it that requests without a known access key may fill, so that nobody can lock out those who have one. */
const unsignedShare = 4;

/**
 * Counts the bytes of bodies from their arrival until their request is answered. What a head declares is not counted:
 * declaring costs nothing, and a few silent connections would reserve everything.
 */
export class BodyBudget {
  readonly #limit: number;
  readonly #unsignedLimit: number;
  #held = 0;
  #unsigned = 0;

  /** @param limit in bytes */
  constructor(limit: number = defaultLimit) {
    this.#limit = limit;
    this.#unsignedLimit = limit / unsignedShare;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  /** @param signed whether the request names an access key that exists and is active */
  hold(signed: boolean): BodyHold {
    return new BodyHold(this, signed);
  }

  /** Counts, or counts back where `bytes` is negative. @throws Overload where there is no room; nothing is counted then */
  count(bytes: number, signed: boolean): void {
    if (bytes > 0 && this.#held + bytes > this.#limit) throw new Overload("too many bytes of bodies in flight");
    if (!signed) {
      if (bytes > 0 && this.#unsigned + bytes > this.#unsignedLimit) {
        throw new Overload("too many bytes of unsigned requests in flight");
      }
      this.#unsigned += bytes;
    }
    this.#held += bytes;
  }
}

/** What one request holds. */
export class BodyHold {
  readonly #budget: BodyBudget;
  readonly #signed: boolean;
  #bytes = 0;
  #released = false;

  constructor(budget: BodyBudget, signed: boolean) {
    this.#budget = budget;
    this.#signed = signed;
  }

  /** @throws Overload */
  add(bytes: number): void {
    if (this.#released) return;
    this.#budget.count(bytes, this.#signed);
    this.#bytes += bytes;
  }

  /** Gives back everything; what still arrives is not counted any more, because nobody keeps it. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#budget.count(-this.#bytes, this.#signed);
  }
}

import { IssuerFailure } from "./issuer-failure.ts";

export interface LineBounds {
  /** Issuers that are asked at once, in all and of one account. */
  readonly most: number;
  readonly mostOfAccount: number;
  /** That wait for it, and for how long at the most, in milliseconds. */
  readonly mostWaiting: number;
  readonly patience: number;
}

interface Waiting {
  readonly account: string;
  readonly begin: () => void;
}

/**
 * Where issuers wait to be asked: so many at once in all, and fewer of one account, whose issuers may all hang. Who comes
 * first is first, among those whose account has room.
 */
export class FetchLine {
  readonly #bounds: LineBounds;
  readonly #underWay = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #all = 0;

  constructor(bounds: LineBounds) {
    this.#bounds = bounds;
  }

  get underWay(): number {
    return this.#all;
  }

  /** Takes a place, or waits for one. Whoever has it must `leave`. @throws IssuerFailure `busy` */
  async enter(account: string): Promise<void> {
    if (this.#hasRoom(account)) return this.#begin(account);
    const { mostWaiting, patience } = this.#bounds;
    if (this.#waiting.size >= mostWaiting) throw busy();
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(busy());
      }, patience);
      const begin = (): void => {
        clearTimeout(giveUp);
        resolve();
      };
      const waiting = { account, begin };
      this.#waiting.add(waiting);
    });
  }

  leave(account: string): void {
    this.#all--;
    const rest = this.#underWay.get(account)! - 1;
    if (rest === 0) this.#underWay.delete(account);
    else this.#underWay.set(account, rest);
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting.account)) continue;
      this.#waiting.delete(waiting);
      this.#begin(waiting.account);
      return waiting.begin();
    }
  }

  #hasRoom(account: string): boolean {
    const { most, mostOfAccount } = this.#bounds;
    return this.#all < most && (this.#underWay.get(account) ?? 0) < mostOfAccount;
  }

  #begin(account: string): void {
    this.#all++;
    this.#underWay.set(account, (this.#underWay.get(account) ?? 0) + 1);
  }
}

function busy(): IssuerFailure {
  return new IssuerFailure("busy", "too many issuers are being asked for their keys", {
    wanted: "a turn to ask the issuer",
    advice: "some issuers hang: rolecall_oidc_fetches_total counts them, and the log names them",
  });
}

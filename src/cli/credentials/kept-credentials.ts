import type { Obtain, RoleCredentials } from "./role-credentials.ts";

interface Kept {
  readonly credentials: RoleCredentials;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** Clients ask again a quarter of an hour before the end (boto3, the aws CLI) or five minutes (JavaScript): they are to find new ones. */
const ahead = 15 * 60_000;
/** Where a session is short, for the last third of it. */
const share = 1 / 3;
/** After one that failed, while the former ones are still good. */
const pause = 10_000;

/** A role's credentials, in memory alone, renewed before they end, at most once at a time. */
export class KeptCredentials {
  readonly #obtain: Obtain;
  readonly #now: () => number;
  readonly #complain: (error: unknown) => void;
  #kept: Kept | null = null;
  #renewal: Promise<RoleCredentials> | null = null;
  #notBefore = 0;

  /**
   * @param now milliseconds since the epoch
   * @param complain is told why they could not be renewed, while the former ones are still good
   */
  constructor(obtain: Obtain, now: () => number, complain: (error: unknown) => void) {
    this.#obtain = obtain;
    this.#now = now;
    this.#complain = complain;
  }

  /** @throws what `obtain` throws, once there is nothing that is still good */
  async get(): Promise<RoleCredentials> {
    const kept = this.#kept;
    const now = this.#now();
    if (kept !== null && now < kept.renewAt) return kept.credentials;
    if (kept !== null && now < kept.expiresAt && now < this.#notBefore) return kept.credentials;
    this.#renewal ??= this.#renew();
    try {
      return await this.#renewal;
    } catch (error) {
      if (kept === null || this.#now() >= kept.expiresAt) throw error;
      return kept.credentials;
    }
  }

  async #renew(): Promise<RoleCredentials> {
    const began = this.#now();
    try {
      const credentials = await this.#obtain();
      const expiresAt = Date.parse(credentials.Expiration);
      const renewAt = expiresAt - Math.min(ahead, (expiresAt - began) * share);
      this.#kept = { credentials, renewAt, expiresAt };
      return credentials;
    } catch (error) {
      this.#notBefore = this.#now() + pause;
      if (this.#kept !== null) this.#complain(error);
      throw error;
    } finally {
      this.#renewal = null;
    }
  }
}

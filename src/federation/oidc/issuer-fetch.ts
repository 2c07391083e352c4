import { CertificateTrust } from "./certificate-trust.ts";
import type { Clock } from "../../clock/clock.ts";
import { FetchLine } from "./fetch-line.ts";
import type { LineBounds } from "./fetch-line.ts";
import { fetchKeys } from "./issuer-documents.ts";
import type { FetchedKeys } from "./issuer-documents.ts";
import { IssuerFailure } from "./issuer-failure.ts";
import type { PrivateIssuer } from "./private-issuers.ts";

/** How far this server goes to learn an issuer's keys. */
export interface IssuerAccess {
  /** Issuers that may be at addresses that are not in the public internet. */
  readonly privateIssuers: readonly PrivateIssuer[];
  /** PEM texts of all authorities that are trusted; null for those that Node trusts by itself. */
  readonly authorities: readonly string[] | null;
}

export interface FetchBounds extends LineBounds {
  /** Milliseconds for everything that is asked of an issuer. AWS waits five seconds (STS API; IAM User Guide). */
  readonly timeout: number;
}

const usualBounds: FetchBounds = { most: 32, mostOfAccount: 4, mostWaiting: 1000, patience: 5000, timeout: 5000 };

/** Asks issuers for their keys, within bounds of number and time. */
export class IssuerFetch {
  readonly #privateIssuers: readonly PrivateIssuer[];
  readonly #trust: CertificateTrust;
  readonly #timeout: number;
  readonly #line: FetchLine;

  constructor({ privateIssuers, authorities }: IssuerAccess, clock: Clock, bounds: Partial<FetchBounds> = {}) {
    const { timeout, ...line } = { ...usualBounds, ...bounds };
    this.#privateIssuers = privateIssuers;
    this.#trust = new CertificateTrust(authorities, clock);
    this.#timeout = timeout;
    this.#line = new FetchLine(line);
  }

  /** @throws IssuerFailure */
  async keysOf(
    issuer: string,
    { account, thumbprints }: { readonly account: string; readonly thumbprints: readonly string[] },
  ): Promise<FetchedKeys> {
    await this.#line.enter(account);
    const lookups = new Set<Promise<void>>();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(this.#tooSlow(issuer)), this.#timeout);
    try {
      return await fetchKeys(issuer, {
        privateIssuers: this.#privateIssuers,
        trust: this.#trust,
        thumbprints,
        signal: ending.signal,
        onLookup: (ended) => lookups.add(ended),
      });
    } finally {
      clearTimeout(timer);
      // A name that takes long to be looked up keeps one of few threads, whoever has given up: so it keeps the place, too.
      void Promise.all(lookups).finally(() => this.#line.leave(account));
    }
  }

  #tooSlow(issuer: string): IssuerFailure {
    const seconds = this.#timeout / 1000;
    return new IssuerFailure("timeout", `${issuer} did not answer within ${seconds} s`, {
      wanted: `discovery document and keys within ${seconds} s`,
    });
  }
}

import { CertificateTrust } from "./certificate-trust.ts";
import type { Clock } from "../../clock/clock.ts";
import { fetchDocument } from "./document.ts";
import type { FetchedDocument, FetchRules } from "./document.ts";
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
  keysOf(
    issuer: string,
    { account, thumbprints }: { readonly account: string; readonly thumbprints: readonly string[] },
  ): Promise<FetchedKeys> {
    return this.#within(issuer, account, (rules) => fetchKeys(issuer, { ...rules, thumbprints }));
  }

  /** One document of somebody who is no provider of an account's own. @throws IssuerFailure */
  documentAt(url: URL, account: string): Promise<FetchedDocument> {
    return this.#within(url.origin, account, (rules) => fetchDocument(url, { ...rules, thumbprints: [] }));
  }

  async #within<T>(
    asked: string,
    account: string,
    work: (rules: Omit<FetchRules, "thumbprints">) => Promise<T>,
  ): Promise<T> {
    await this.#line.enter(account);
    const lookups = new Set<Promise<void>>();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(this.#tooSlow(asked)), this.#timeout);
    try {
      const fetched = work({
        privateIssuers: this.#privateIssuers,
        trust: this.#trust,
        signal: ending.signal,
        onLookup: (ended) => lookups.add(ended),
      });
      // The time is up when it is up, wherever the fetch stands.
      return await Promise.race([fetched, aborted(ending.signal)]);
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

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

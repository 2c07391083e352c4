import type { KeyObject } from "node:crypto";
import { LRUCache } from "lru-cache";
import { SizedCache } from "../../store/sql/cache/sized-cache.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import type { Checks } from "../checks.ts";
import type { ConnectionVerification } from "./certificate-trust.ts";
import { GivenKeys } from "./given-keys.ts";
import { IssuerFailure, faultOf, noVerificationKey } from "./issuer-failure.ts";
import type { IssuerFetch } from "./issuer-fetch.ts";
import { IssuerFigures } from "./issuer-figures.ts";
import type { KeySet, WantedKey } from "./key-set.ts";
import { RefetchAllowance } from "./refetch-allowance.ts";

/** What of a provider decides which keys are its issuer's. */
export interface IssuerRecord {
  readonly account: string;
  /** The issuer's URL without its scheme. */
  readonly name: string;
  readonly thumbprints: readonly string[];
  /** A JWK Set that takes the place of asking the issuer; null where it is asked. */
  readonly issuerKeys: string | null;
}

/** For how long keys are good, in milliseconds since they were fetched. */
const freshness = {
  /** From then on they are fetched again, while whoever asks goes on with what is there. */
  refresh: 5 * 60_000,
  /** From then on whoever asks waits for what the issuer says now. */
  wait: 60 * 60_000,
  /** Until then they are good while the issuer cannot be asked. */
  outage: 24 * 60 * 60_000,
};
/** For how long an issuer that failed is not asked again. */
const rest = 10_000;
/** Issuers that are remembered to have failed. */
const mostFailures = 10_000;

/** Keys of an issuer, and when they were fetched by the monotonic clock. */
interface Known {
  readonly keys: KeySet;
  readonly verification: ConnectionVerification;
  readonly at: number;
}

interface Failed {
  readonly failure: IssuerFailure;
  readonly at: number;
}

export interface IssuerKeysSources {
  readonly fetch: Pick<IssuerFetch, "keysOf">;
  /** Bytes that keys may take. */
  readonly cacheBytes: number;
  /** Told of each issuer that was asked in vain. */
  readonly onFailure: (issuer: string, failure: IssuerFailure) => void;
  /** Milliseconds of a clock that is never set. */
  readonly now?: () => number;
}

/**
 * The keys with which tokens of issuers are verified. Who asks for one has seen to it that a provider names the issuer:
 * nobody else is asked.
 *
 * Keys are remembered by what they depend on, the issuer and its provider's thumbprints, so that a change of a provider
 * counts at once. An issuer is asked by one at a time, for all who wait. It is asked again for a key that is not there,
 * within an allowance, so that invented key ids do not make this server a nuisance; and as keys grow old.
 */
export class IssuerKeys {
  readonly figures = new IssuerFigures();
  readonly #fetch: Pick<IssuerFetch, "keysOf">;
  readonly #onFailure: IssuerKeysSources["onFailure"];
  readonly #now: () => number;
  readonly #known: SizedCache<Known>;
  readonly #given: GivenKeys;
  readonly #failed = new LRUCache<string, Failed>({ max: mostFailures });
  readonly #refetches = new RefetchAllowance();
  readonly #pending = new Map<string, Promise<Known | IssuerFailure>>();

  constructor({ fetch, cacheBytes, onFailure, now = () => performance.now() }: IssuerKeysSources) {
    this.#fetch = fetch;
    this.#onFailure = onFailure;
    this.#now = now;
    this.#known = new SizedCache(cacheBytes / 2, ({ keys }) => keys.bytes);
    this.#given = new GivenKeys(cacheBytes / 2);
  }

  /** Issuers whose keys are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** Issuers that are being asked, or wait for it. */
  get underWay(): number {
    return this.#pending.size;
  }

  /**
   * The key that a token names, at once where it is there.
   *
   * @throws Fault IDPCommunicationError, InvalidIdentityToken
   */
  keyFor(provider: IssuerRecord, wanted: WantedKey, checks: Checks): Eventual<KeyObject> {
    if (provider.issuerKeys !== null) {
      return this.#settle(this.#given.of(provider.issuerKeys).find(wanted), "given", checks);
    }
    const id = identityOf(provider);
    const known = this.#usable(id);
    if (known === undefined) return this.#keyAfterAsking(provider, wanted, checks);
    const key = known.keys.find(wanted);
    const age = this.#now() - known.at;
    if (typeof key === "string") {
      const asks = this.#pending.has(id) || this.#refetches.take(id, this.#now());
      return asks ? this.#keyAfterAsking(provider, wanted, checks) : this.#settle(key, "cached", checks);
    }
    if (age >= freshness.refresh && this.#isRested(id)) {
      if (age >= freshness.wait) return this.#keyAfterAsking(provider, wanted, checks);
      void this.#ask(provider, id);
    }
    return this.#settle(key, "cached", checks);
  }

  /** By what the certificate of a provider's issuer was found good; undefined where no keys of it were fetched. */
  verificationOf(provider: IssuerRecord): ConnectionVerification | undefined {
    return provider.issuerKeys === null ? this.#known.get(identityOf(provider))?.verification : undefined;
  }

  async #keyAfterAsking(provider: IssuerRecord, wanted: WantedKey, checks: Checks): Promise<KeyObject> {
    const id = identityOf(provider);
    this.figures.waiting++;
    const outcome = await this.#ask(provider, id).finally(() => this.figures.waiting--);
    const failed = outcome instanceof IssuerFailure;
    // What was fetched before goes on being good while the issuer cannot be asked.
    const key = (failed ? this.#usable(id) : outcome)?.keys.find(wanted);
    if (failed && typeof key !== "object") {
      this.figures.lookups.failed++;
      checks.refuse(outcome.question, faultOf(outcome));
    }
    return this.#settle(key!, failed ? "cached" : "fetched", checks);
  }

  /** @param key why there is none, where it is a text. @throws Fault */
  #settle(key: KeyObject | string, from: "given" | "cached" | "fetched", checks: Checks): KeyObject {
    if (typeof key === "string") {
      this.figures.lookups.failed++;
      const wanted = "the key that the token names, for signatures, with a kid of its own";
      checks.refuse({ name: "issuer's keys", wanted, seen: key, advice: adviceFor[from] }, noVerificationKey());
    }
    this.figures.lookups[from]++;
    checks.note({ name: "issuer's keys", seen: `${from}: the key that the token names` });
    return key;
  }

  #usable(id: string): Known | undefined {
    const known = this.#known.get(id);
    return known !== undefined && this.#now() - known.at < freshness.outage ? known : undefined;
  }

  #isRested(id: string): boolean {
    const failed = this.#failed.get(id);
    return failed === undefined || this.#now() - failed.at >= rest;
  }

  /** Never rejects. */
  #ask(provider: IssuerRecord, id: string): Promise<Known | IssuerFailure> {
    const pending = this.#pending.get(id);
    if (pending !== undefined) return pending;
    if (!this.#isRested(id)) return Promise.resolve(this.#failed.get(id)!.failure);
    const asked = this.#askNow(provider, id).finally(() => this.#pending.delete(id));
    this.#pending.set(id, asked);
    return asked;
  }

  async #askNow(provider: IssuerRecord, id: string): Promise<Known | IssuerFailure> {
    const issuer = `https://${provider.name}`;
    try {
      const { keys, verification } = await this.#fetch.keysOf(issuer, provider);
      const known = { keys, verification, at: this.#now() };
      this.#known.set(id, known);
      this.#failed.delete(id);
      this.figures.fetches.fetched++;
      return known;
    } catch (error) {
      const failure = error instanceof IssuerFailure ? error : defect(issuer, error);
      this.figures.fetches[failure.kind]++;
      // That others are being asked says nothing of this one.
      if (failure.kind !== "busy") this.#failed.set(id, { failure, at: this.#now() });
      this.#onFailure(issuer, failure);
      return failure;
    }
  }
}

/** Nothing that an issuer does may end in anything else than a failure of its own. */
function defect(issuer: string, cause: unknown): IssuerFailure {
  return new IssuerFailure("answer", `${issuer} could not be asked`, { wanted: "an issuer that can be asked", cause });
}

const adviceFor = {
  given: "give its present keys: rolecall oidc keys set --provider ARN --file PATH",
  cached: "the issuer was asked a moment ago: see what its jwks_uri has",
  fetched: "see what the issuer's jwks_uri has",
};

function identityOf({ name, thumbprints }: IssuerRecord): string {
  return thumbprints.length === 0 ? name : `${name} ${thumbprints.join(" ")}`;
}

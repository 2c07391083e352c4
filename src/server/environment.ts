import type { AwsManagedPolicies } from "../authorization/aws-managed-policies.ts";
import { Authorizer } from "../authorization/authorizer.ts";
import type { AgreedClock } from "../clock/agreed-clock.ts";
import { createIds } from "../clock/ids.ts";
import type { Random } from "../clock/random.ts";
import { IssuerFetch } from "../federation/oidc/issuer-fetch.ts";
import type { IssuerAccess } from "../federation/oidc/issuer-fetch.ts";
import { IssuerKeys } from "../federation/oidc/issuer-keys.ts";
import type { IssuerKeysSources } from "../federation/oidc/issuer-keys.ts";
import { KnownProviders } from "../federation/oidc/known-providers.ts";
import { OpaqueTokens } from "../federation/oidc/opaque-tokens.ts";
import type { IntrospectionEndpoints } from "../federation/oidc/opaque-tokens.ts";
import type { Environment } from "../operation/context.ts";
import { CostlyLine } from "../operation/costly-line.ts";
import { PasswordHashing } from "../operation/password-hashing.ts";
import type { Quotas } from "../operation/quotas.ts";
import { failedAttempts, noRateLimits, RateLimits } from "../operation/rate-limit.ts";
import type { RateLimitSettings } from "../operation/rate-limit.ts";
import { Searches } from "../operation/searches.ts";
import { SignatureLine } from "../operation/signature-line.ts";
import { Usage } from "../operation/usage.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { Authenticator } from "../session/authenticator.ts";
import type { Node } from "../session/node.ts";
import { RingKeeper } from "../session/ring-keeper.ts";
import { StoredSecrets } from "../session/stored-secrets.ts";
import { Verifier } from "../session/verification.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";
import type { Database } from "../store/sql/database.ts";
import type { TrailFiles } from "../trail/files.ts";
import type { TrailKeeping } from "../trail/keeping.ts";
import { Trail } from "../trail/trail.ts";
import type { TrailCollector } from "../trail/trail.ts";
import { BoundedDatabase } from "../pipeline/bounded-database.ts";
import type { StoreObserver } from "../pipeline/bounded-database.ts";

export interface EnvironmentSources {
  readonly database: Database;
  readonly tokens: KeyRing;
  readonly secrets: KeyRing;
  readonly masterKey: MasterKey;
  /** Kept to the database's time by the node. */
  readonly clock: AgreedClock;
  /** Counted on by the others when it is given here. */
  readonly node: Node;
  readonly random: Random;
  readonly awsManaged: AwsManagedPolicies;
  /** Null keeps the trail in memory. */
  readonly trailFiles: TrailFiles | null;
  /** How much of it is kept; those that are not given have their defaults. */
  readonly trailKeeping?: Partial<TrailKeeping> | undefined;
  /** Who empties the outbox, where another process does. */
  readonly trailCollector?: TrailCollector | null | undefined;
  readonly quotas: Quotas;
  readonly compatibility: Environment["compatibility"];
  readonly saml: Environment["saml"];
  readonly wayToAsk: Environment["wayToAsk"];
  readonly publicUrl: Environment["publicUrl"];
  readonly consoleUrl: Environment["consoleUrl"];
  readonly externalAccounts: ReadonlySet<string>;
  readonly servicePrincipals: readonly string[];
  readonly operatorAccount: string;
  readonly version: string;
  /** How far a client's clock may be off, in milliseconds. */
  readonly clockSkew: number;
  readonly reset: (() => void) | null;
  /** Transactions of requests that may be under way or waiting at once; 1,000 by default. */
  readonly maxPending?: number | undefined;
  /** None by default. */
  readonly rateLimits?: RateLimitSettings | undefined;
  readonly storeObserver?: StoreObserver | null | undefined;
  readonly caches: CacheBudget;
  /** Public issuers alone by default, under the authorities that Node trusts. */
  readonly issuers?: Partial<IssuerAccess> | undefined;
  readonly onIssuerFailure?: IssuerKeysSources["onFailure"] | undefined;
  /** Where the providers of opaque tokens are asked about them; without it nobody is. */
  readonly introspection?: IntrospectionEndpoints | undefined;
  readonly onError: (error: unknown) => void;
}

const defaultMaxPending = 1000;

/** Puts together what operations work with; the trail has taken over what a crash left. */
export async function createEnvironment(sources: EnvironmentSources): Promise<Environment> {
  const { database, clock, node, caches, onError } = sources;
  const authenticator = new Authenticator(sources.tokens, sources.secrets, caches);
  // What was opened with a key that is gone must not be remembered.
  node.onGone = () => authenticator.clear();
  const storedSecrets = new StoredSecrets(database, sources.secrets, onError);
  const ringKeeper = new RingKeeper({
    database,
    master: sources.masterKey,
    rings: { tokens: sources.tokens, secrets: sources.secrets },
    node,
    stored: storedSecrets,
    onError,
  });
  ringKeeper.start();
  const trail = new Trail({
    database,
    clock,
    files: sources.trailFiles,
    collector: sources.trailCollector,
    keeping: sources.trailKeeping,
    onError: sources.onError,
  });
  await trail.recover();
  return {
    clock,
    ids: createIds(sources.random),
    database: new BoundedDatabase(database, sources.maxPending ?? defaultMaxPending, sources.storeObserver ?? null),
    tokens: sources.tokens,
    secrets: sources.secrets,
    quotas: sources.quotas,
    awsManaged: sources.awsManaged,
    authenticator,
    verifier: new Verifier(authenticator, sources.clockSkew, caches.signingKeys),
    authorizer: new Authorizer(sources.awsManaged, caches),
    trail,
    rateLimits: new RateLimits(sources.rateLimits ?? noRateLimits),
    attempts: failedAttempts(),
    searches: new Searches(),
    costlyLine: new CostlyLine(),
    passwords: new PasswordHashing(),
    ...tokensFromOutside(sources),
    signatures: new SignatureLine(),
    node,
    ringKeeper,
    storedSecrets,
    usage: new Usage(database, [sources.tokens, sources.secrets], sources.onError),
    compatibility: sources.compatibility,
    saml: sources.saml,
    wayToAsk: sources.wayToAsk,
    publicUrl: sources.publicUrl,
    consoleUrl: sources.consoleUrl,
    externalAccounts: sources.externalAccounts,
    servicePrincipals: sources.servicePrincipals,
    operatorAccount: sources.operatorAccount,
    version: sources.version,
    reset: sources.reset,
  };
}

/** What verifies tokens of others: all of it asks issuers within the same bounds. */
function tokensFromOutside({ caches, clock, introspection = {}, issuers, onIssuerFailure }: EnvironmentSources) {
  const fetch = new IssuerFetch({ privateIssuers: [], authorities: null, ...issuers }, clock);
  return {
    issuerKeys: new IssuerKeys({
      fetch,
      cacheBytes: caches.issuerKeys,
      onFailure: onIssuerFailure ?? (() => {}),
    }),
    knownProviders: new KnownProviders(caches.providers),
    opaqueTokens: new OpaqueTokens(fetch, introspection),
  };
}

/** Writes what is still in memory. The database is the caller's to close. */
export async function closeEnvironment(environment: Environment): Promise<void> {
  await environment.ringKeeper.close();
  await environment.usage.close();
  await environment.signatures.close();
  await environment.trail.close();
}

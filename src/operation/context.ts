import type { Authorizer, Verdict } from "../authorization/authorizer.ts";
import type { AwsManagedPolicies } from "../authorization/aws-managed-policies.ts";
import type { WayToAsk } from "../authorization/denial.ts";
import type { Requirement } from "../authorization/requirement.ts";
import type { Clock } from "../clock/clock.ts";
import type { Ids } from "../clock/ids.ts";
import type { IssuerKeys } from "../federation/oidc/issuer-keys.ts";
import type { KnownProviders } from "../federation/oidc/known-providers.ts";
import type { OpaqueTokens } from "../federation/oidc/opaque-tokens.ts";
import type { Effort } from "../policy/effort.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import type { Authenticator } from "../session/authenticator.ts";
import type { Actor } from "../session/actor.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import type { ConcernedAccount } from "../trail/facts.ts";
import type { TrailSource } from "../trail/source.ts";
import type { Trail } from "../trail/trail.ts";
import type { Node } from "../session/node.ts";
import type { RingKeeper } from "../session/ring-keeper.ts";
import type { StoredSecrets } from "../session/stored-secrets.ts";
import type { Verifier } from "../session/verification.ts";
import type { CostlyLine } from "./costly-line.ts";
import type { PasswordHashing } from "./password-hashing.ts";
import type { Quotas } from "./quotas.ts";
import type { RateLimits, TokenBuckets } from "./rate-limit.ts";
import type { Searches } from "./searches.ts";
import type { SignatureLine } from "./signature-line.ts";
import type { Usage } from "./usage.ts";

/** What the pipeline knows of the request beside its input. */
export interface RequestFacts {
  readonly requestId: string;
  /** Region of the credential scope. */
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly host: string | undefined;
  /** Milliseconds since the epoch; one value for the whole request. */
  readonly now: number;
  /** What its decisions may still cost, all of them together, and those of a transaction that is run again as well. */
  readonly effort: Effort;
}

export interface SamlSettings {
  /** Audiences beside AWS's own that an assertion may be for. */
  readonly audiences: readonly string[];
  /** Whether an assertion is good once. */
  readonly singleUse: boolean;
}

/** What operations may use of the running server. Effects on the store go through the transaction alone. */
export interface Environment {
  /** The time that all nodes of the database agree on. */
  readonly clock: Clock;
  readonly ids: Ids;
  readonly database: Database;
  readonly tokens: KeyRing;
  readonly secrets: KeyRing;
  readonly quotas: Quotas;
  readonly awsManaged: AwsManagedPolicies;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly trail: Trail;
  readonly usage: Usage;
  /** This process among those that use the database. */
  readonly node: Node;
  readonly ringKeeper: RingKeeper;
  readonly storedSecrets: StoredSecrets;
  readonly verifier: Verifier;
  readonly rateLimits: RateLimits;
  /** Of what is shown to rolecall:Authenticate and turns out wrong. */
  readonly attempts: TokenBuckets;
  readonly searches: Searches;
  readonly costlyLine: CostlyLine;
  readonly passwords: PasswordHashing;
  /** OIDC providers that tokens are shown for. */
  readonly knownProviders: KnownProviders;
  readonly opaqueTokens: OpaqueTokens;
  /** Of OpenID Connect issuers. */
  readonly issuerKeys: IssuerKeys;
  readonly signatures: SignatureLine;
  /**
   * `aws` accepts a bare `*` principal in a trust policy, session tags that fill the token, assertions for any audience,
   * and no port in the URL of an OIDC provider, as AWS does.
   */
  readonly compatibility: "strict" | "aws";
  readonly saml: SamlSettings;
  /** What refusals end in where AWS's end in a way to ask why; null: nothing. */
  readonly wayToAsk: WayToAsk | null;
  /** Where others reach this server, without a slash at its end: what it says of itself outside begins with it. */
  readonly publicUrl: () => string;
  /** Address of a console; null where there is none. */
  readonly consoleUrl: string | null;
  /** Accounts that may be trusted though nobody here can be them. */
  readonly externalAccounts: ReadonlySet<string>;
  /** Services beside those of AWS that trust policies may name. */
  readonly servicePrincipals: readonly string[];
  /** The account whose administrators run the server. */
  readonly operatorAccount: string;
  readonly version: string;
  /** Present on an ephemeral server only: back to its first state. */
  readonly reset: (() => void) | null;
}

/**
 * What an operation works with: all but the trail. Its files are looked through by a search alone
 * (operation.ts, SearchDeclaration), which begins once the caller is allowed to.
 */
export type OperationEnvironment = Omit<Environment, "trail" | "searches">;

/** What is known from the input alone, before anything is read for it. */
export interface InputContext {
  readonly caller: Actor;
  /** The caller's account: IAM calls are always about it. */
  readonly account: string;
  readonly partition: string;
  readonly environment: Pick<Environment, "operatorAccount">;
}

/** What a search has: no transaction, for it waits for files. */
export interface SearchContext extends InputContext {
  readonly environment: OperationEnvironment;
  readonly trail: TrailSource;
  /** Whether one thing more is allowed to the caller; what is not, the search passes over as if it were not there. */
  readonly allows: (requirement: Requirement) => Promise<boolean>;
}

/** What a preparation has: no transaction, for others would wait for it. */
export interface PreparationContext extends InputContext {
  readonly environment: OperationEnvironment;
}

export interface OperationContext extends InputContext {
  readonly tx: Tx;
  readonly request: RequestFacts;
  readonly environment: OperationEnvironment;
  /** Keeps a decision that was made for somebody else with the call's private record. */
  readonly alsoDecided: (verdict: Verdict) => void;
  /** Gives an account that the call is about a record of its own. */
  readonly alsoConcerns: (account: ConcernedAccount) => void;
  /** Adds to the call's trail record (additionalEventData), e.g. the id of a session that was issued. */
  readonly trailNote: (note: Readonly<Record<string, unknown>>) => void;
}

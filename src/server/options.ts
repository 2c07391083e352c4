import type { Clock } from "../clock/clock.ts";
import type { Random } from "../clock/random.ts";
import type { Certificate } from "../http/certificate.ts";
import type { ReaderName } from "../http/figures.ts";
import type { IssuerAccess } from "../federation/oidc/issuer-fetch.ts";
import type { IssuerKeysSources } from "../federation/oidc/issuer-keys.ts";
import type { IntrospectionEndpoints } from "../federation/oidc/opaque-tokens.ts";
import type { Environment } from "../operation/context.ts";
import type { Quotas } from "../operation/quotas.ts";
import type { RequestObserver } from "../doors/api/listener.ts";
import type { MasterKey } from "../seal/master-key.ts";
import type { DatabaseLocation } from "../store/sql/database.ts";
import type { TrailKeeping } from "../trail/keeping.ts";
import type { TrailCollector } from "../trail/trail.ts";
import type { BootstrapOptions } from "./bootstrap.ts";
import type { ServerLimits } from "./limits.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: Certificate | null;
  readonly database: DatabaseLocation;
  /** Where the trail is written; null keeps it in memory (ephemeral). */
  readonly dataDirectory: string | null;
  /** How much of the trail this process keeps; those that are not given have their defaults. */
  readonly trailKeeping?: Partial<TrailKeeping> | undefined;
  readonly masterKey: MasterKey;
  readonly partition: string;
  readonly quotas: Quotas;
  readonly compatibility: Environment["compatibility"];
  /** Those that are not given have their defaults. */
  readonly saml?: Partial<Environment["saml"]> | undefined;
  readonly wayToAsk: Environment["wayToAsk"];
  /** Where others reach the server; null or absent: where it listens. */
  readonly publicUrl?: string | null | undefined;
  readonly consoleUrl: Environment["consoleUrl"];
  readonly externalAccounts: ReadonlySet<string>;
  readonly servicePrincipals: readonly string[];
  /** Which OpenID Connect issuers are asked for their keys; public ones under the authorities that Node trusts without it. */
  readonly issuers?: Partial<IssuerAccess> | undefined;
  /** Told of each that was asked in vain. */
  readonly onIssuerFailure?: IssuerKeysSources["onFailure"] | undefined;
  /** Where the providers of opaque tokens are asked about them; without it nobody is. */
  readonly introspection?: IntrospectionEndpoints | undefined;
  /** How far a client's clock may be off, in milliseconds. */
  readonly clockSkew: number;
  readonly first: BootstrapOptions["first"];
  readonly accounts: BootstrapOptions["accounts"];
  /** Takes new administrators' secrets before they are good; not called again when an ephemeral server is reset. */
  readonly keep: BootstrapOptions["keep"];
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
  /** What reads HTTP: the plain lane before node:http (the default), or node:http alone. */
  readonly httpReader?: ReaderName | undefined;
  /** Those that are not given have their defaults. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Where Prometheus finds the metrics; null or absent: nowhere, and nothing is counted. Port 0 takes a free one. */
  readonly metrics?: { readonly host: string; readonly port: number } | null | undefined;
  /** How often this node says that it is there and looks for changed key rings, in milliseconds; 5,000 without it. */
  readonly ringInterval?: number | undefined;
  /** How long the others then count on it, in milliseconds; three intervals without it, and 15,000 at least. */
  readonly nodeLease?: number | undefined;
  /** Told of every request. */
  readonly requests?: RequestObserver | null | undefined;
  /** Whether several processes use this data directory at once: its owner, which does not listen, and its workers. */
  readonly shared?: boolean | undefined;
  /** What a worker knows of its place among the others; null or absent in a process that serves alone, and in the owner. */
  readonly worker?: WorkerPlace | null | undefined;
}

export interface WorkerPlace {
  /** From 1; whoever takes the place of a worker that died has its number. */
  readonly number: number;
  readonly collector: TrailCollector;
}

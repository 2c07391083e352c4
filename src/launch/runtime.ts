import { systemClock } from "../clock/clock.ts";
import { SystemRandom } from "../clock/random.ts";
import type { Settings } from "../config/index.ts";
import type { NewAdministrator } from "../server/bootstrap.ts";
import type { Certificate } from "../http/certificate.ts";
import { startServer } from "../server/server.ts";
import type { IntrospectionEndpoints } from "../federation/oidc/opaque-tokens.ts";
import type { ServerOptions } from "../server/options.ts";
import type { RunningServer } from "../server/server.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { lockDataDirectory } from "../store/sql/dialects/sqlite/data-directory.ts";
import { databaseLocation } from "./database-location.ts";
import { withMasterKey } from "./master-key.ts";
import { trailKeeping } from "./trail-keeping.ts";
import { Profile } from "./profile.ts";
import { TlsFiles } from "./tls-files.ts";
import { readAuthorities } from "./trusted-authorities.ts";
import { version } from "./version.ts";

/** A running server and what it stands on. */
export interface Started {
  readonly server: RunningServer;
  /** Null on an ephemeral server. */
  readonly profile: Profile | null;
  /** The files of the certificate, where it speaks TLS. */
  readonly tls: TlsFiles;
  /** Serves by a certificate from now on: connections that are there keep theirs. */
  renewCertificate(certificate: Certificate): Promise<void>;
  /** Ends the server and gives the data directory free. */
  close(): Promise<void>;
}

/** Who is told what happens while serving. */
export type Told = Pick<ServerOptions, "onError" | "requests" | "onIssuerFailure">;

/**
 * Starts a server as the settings say. What is not ephemeral owns its data directory from here to `close`.
 *
 * @throws ConfigurationError, MasterKeyError, Error when the data directory is taken or the port is
 */
export async function startFromSettings(settings: Settings, told: Told): Promise<Started> {
  const authorities = readAuthorities(settings);
  const tls = new TlsFiles(settings);
  if (settings.ephemeral) {
    const server = await withMasterKey(settings, (key) =>
      startServer(serverOptions(settings, told, async () => {}, { tls: tls.current, key, authorities })),
    );
    const renewCertificate = async (certificate: Certificate) => server.renewCertificate(certificate);
    return { server, profile: null, tls, renewCertificate, close: () => server.close() };
  }
  const lock = lockDataDirectory(settings.dataDir);
  try {
    const profile = new Profile(settings.dataDir);
    const server = await withMasterKey(settings, (key) =>
      withProfile(profile, (keep) =>
        startServer(serverOptions(settings, told, keep, { tls: tls.current, key, authorities })),
      ),
    );
    profile.writeReach({ url: server.url, region: settings.region, caBundle: tls.caBundle });
    return {
      server,
      profile,
      tls,
      renewCertificate: async (certificate) => server.renewCertificate(certificate),
      async close() {
        await server.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Starts what makes administrators, with a profile that has their secrets before they are good. */
export async function withProfile<S extends { readonly created: readonly NewAdministrator[] }>(
  profile: Profile,
  start: (keep: ServerOptions["keep"]) => Promise<S>,
): Promise<S> {
  const before = profile.entries();
  const formerOperator = profile.entry(undefined)?.accountId ?? null;
  const operatorOf = (made: readonly NewAdministrator[]): string | null =>
    made.find(({ operator }) => operator)?.accountId ?? formerOperator;
  let kept = 0;
  const started = await start(async (administrators) => {
    kept = administrators.length;
    profile.put(administrators, operatorOf(administrators));
  });
  if (started.created.length < kept) {
    // Another node was faster: what never became good must not stay in the profile.
    profile.restore(before);
    if (started.created.length > 0) profile.put(started.created, operatorOf(started.created));
  }
  return started;
}

/** What of a server's options lies in files. */
export interface FromFiles {
  readonly tls: Certificate | null;
  readonly key: MasterKey;
  /** That certificates of issuers may be under; null for those that Node trusts by itself. */
  readonly authorities: readonly string[] | null;
}

export function serverOptions(
  settings: Settings,
  told: Told,
  keep: ServerOptions["keep"],
  { tls, key, authorities }: FromFiles,
): ServerOptions {
  const { adminAccessKeyId, adminSecretAccessKey } = settings;
  const given = adminAccessKeyId !== null && adminSecretAccessKey !== null;
  return {
    host: settings.host,
    port: settings.port,
    tls,
    database: databaseLocation(settings),
    dataDirectory: settings.ephemeral ? null : settings.dataDir,
    masterKey: key,
    partition: settings.partition,
    quotas: settings.quotas,
    compatibility: settings.compatibility,
    saml: { audiences: settings.samlAudiences, singleUse: settings.samlSingleUse },
    consoleUrl: settings.consoleUrl,
    wayToAsk: settings.authorizationIds ? { console: settings.consoleUrl } : null,
    publicUrl: settings.publicUrl,
    externalAccounts: new Set(settings.externalAccounts),
    servicePrincipals: settings.servicePrincipals,
    introspection: introspectionEndpoints(settings),
    issuers: { privateIssuers: settings.allowPrivateIssuers, authorities },
    clockSkew: settings.clockSkewSeconds * 1000,
    first: {
      ...(settings.account === null ? {} : { id: settings.account }),
      ...(given ? { key: { accessKeyId: adminAccessKeyId, secretAccessKey: adminSecretAccessKey } } : {}),
    },
    accounts: settings.accounts,
    keep,
    version: version(),
    clock: systemClock,
    random: new SystemRandom(),
    httpReader: settings.httpReader,
    limits: {
      maxConnections: settings.maxConnections,
      maxPending: settings.maxPending,
      rates: {
        perAccount: settings.requestsPerAccount,
        perPrincipal: settings.requestsPerPrincipal,
        unverifiedPerSource: settings.unverifiedPerSource,
        unverifiedPerAccount: settings.unverifiedPerAccount,
        burstSeconds: settings.burstSeconds,
      },
    },
    metrics: settings.metricsPort === null ? null : { host: settings.metricsHost, port: settings.metricsPort },
    trailKeeping: trailKeeping(settings),
    ...told,
  };
}

function introspectionEndpoints({ introspectionAmazon, introspectionFacebook }: Settings): IntrospectionEndpoints {
  return {
    ...(introspectionAmazon === null ? {} : { "www.amazon.com": introspectionAmazon }),
    ...(introspectionFacebook === null ? {} : { "graph.facebook.com": introspectionFacebook }),
  };
}

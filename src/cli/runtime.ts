import { randomBytes, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../clock/clock.ts";
import { SystemRandom } from "../clock/random.ts";
import { environmentName, ConfigurationError } from "../config/index.ts";
import type { Settings } from "../config/index.ts";
import type { NewAdministrator } from "../endpoints/bootstrap.ts";
import type { RequestObserver } from "../endpoints/api/listener.ts";
import { startServer } from "../endpoints/server.ts";
import type { RunningServer, ServerOptions } from "../endpoints/server.ts";
import { loadMasterKey } from "../seal/load-master-key.ts";
import { masterKey, masterKeyBytes } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { lockDataDirectory } from "../store/data-directory.ts";
import type { DatabaseLocation } from "../store/database.ts";
import { Profile } from "./profile.ts";
import { version } from "./version.ts";

/** The embedded database in its data directory. */
export const databaseFile = "rolecall.db";

/** A running server and what it stands on. */
export interface Started {
  readonly server: RunningServer;
  /** Null on an ephemeral server. */
  readonly profile: Profile | null;
  /** Ends the server and gives the data directory free. */
  close(): Promise<void>;
}

/** Who is told what happens while serving. */
export type Told = Pick<ServerOptions, "onError" | "requests">;

/**
 * Starts a server as the settings say. What is not ephemeral owns its data directory from here to `close`.
 *
 * @param onError told of what goes wrong while serving
 * @param requests told of every request
 * @throws ConfigurationError, MasterKeyError, Error when the data directory is taken or the port is
 */
export async function startFromSettings(
  settings: Settings,
  onError: (error: unknown) => void,
  requests: RequestObserver | null = null,
): Promise<Started> {
  const told = { onError, requests };
  if (settings.ephemeral) {
    const server = await startServer(serverOptions(settings, told, async () => {}));
    return { server, profile: null, close: () => server.close() };
  }
  const tls = readTls(settings);
  const lock = lockDataDirectory(settings.dataDir);
  try {
    const profile = new Profile(settings.dataDir);
    const server = await withProfile(profile, (keep) => startServer(serverOptions(settings, told, keep)));
    profile.writeReach({ url: server.url, region: settings.region, caBundle: caBundle(settings, tls) });
    return {
      server,
      profile,
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

/** @throws ConfigurationError, MasterKeyError */
export function serverOptions(
  settings: Settings,
  told: Told,
  keep: ServerOptions["keep"],
  key: MasterKey = masterKeyOf(settings),
): ServerOptions {
  const { adminAccessKeyId, adminSecretAccessKey } = settings;
  const given = adminAccessKeyId !== null && adminSecretAccessKey !== null;
  return {
    host: settings.host,
    port: settings.port,
    tls: readTls(settings),
    database: databaseLocation(settings),
    dataDirectory: settings.ephemeral ? null : settings.dataDir,
    masterKey: key,
    partition: settings.partition,
    quotas: settings.quotas,
    compatibility: settings.compatibility,
    externalAccounts: new Set(settings.externalAccounts),
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
    limits: {
      maxConnections: settings.maxConnections,
      maxPending: settings.maxPending,
      rates: {
        perAccount: settings.requestsPerAccount,
        perPrincipal: settings.requestsPerPrincipal,
        burstSeconds: settings.burstSeconds,
      },
    },
    metrics: settings.metricsPort === null ? null : { host: settings.metricsHost, port: settings.metricsPort },
    ...told,
  };
}

export function databaseLocation(settings: Settings): DatabaseLocation {
  if (settings.ephemeral) return { sqlite: ":memory:" };
  return settings.database === null
    ? { sqlite: join(settings.dataDir, databaseFile) }
    : { postgresql: settings.database };
}

/** @throws MasterKeyError */
export function masterKeyOf(settings: Settings): MasterKey {
  const given = settings.masterKey !== null || settings.masterKeyFile !== null;
  // What is gone when the process ends needs no key that lasts.
  if (settings.ephemeral && !given) return masterKey(randomBytes(masterKeyBytes), "memory");
  return loadMasterKey({
    ...(settings.masterKeyFile === null ? {} : { file: settings.masterKeyFile }),
    ...(settings.masterKey === null
      ? {}
      : { environment: { name: environmentName("masterKey"), value: settings.masterKey } }),
    generateAt: join(settings.dataDir, "master.key"),
  });
}

/** @throws ConfigurationError naming the file that cannot be used */
export function readTls({ tls }: Settings): ServerOptions["tls"] {
  if (tls === null) return null;
  const read = (key: "cert" | "key", kind: RegExp, what: string): string => {
    const setting = `tls.${key}`;
    const refuse = (why: string): never => {
      throw new ConfigurationError([{ setting, message: `${setting}: the file ${tls[key]} ${why}` }]);
    };
    let text: string;
    try {
      text = readFileSync(tls[key], "utf8");
    } catch (error) {
      return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code}): check the path and who may read it`);
    }
    return kind.test(text) ? text : refuse(`holds no ${what} in PEM form: it must have a line -----BEGIN ${what}-----`);
  };
  return {
    cert: read("cert", /-----BEGIN CERTIFICATE-----/, "CERTIFICATE"),
    key: read("key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "PRIVATE KEY"),
  };
}

/** Clients trust a certificate that is its own issuer only when they are told to; any other has its own roots. */
export function caBundle(settings: Settings, tls: ServerOptions["tls"]): string | null {
  if (tls === null) return null;
  const certificate = new X509Certificate(tls.cert);
  return certificate.checkIssued(certificate) ? settings.tls!.cert : null;
}

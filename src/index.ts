/**
 * rolecall as a library: a whole server in this process, e.g. for tests.
 *
 * ```ts
 * const server = await start({ ephemeral: true, port: 0 });
 * const iam = new IAMClient({ endpoint: server.url, region: "us-east-1", credentials: server.administrator! });
 * await server.close();
 * ```
 */
import { resolveSettings } from "./config/index.ts";
import type { NamedAccount } from "./config/index.ts";
import { startFromSettings } from "./launch/runtime.ts";

export { ConfigurationError } from "./config/index.ts";

/** The settings of the configuration file that a program is likely to give; all are optional. */
export interface StartOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly dataDir?: string;
  /** A PostgreSQL URL. */
  readonly database?: string;
  readonly ephemeral?: boolean;
  /** Id of the first account (ephemeral only). */
  readonly account?: string;
  readonly adminAccessKeyId?: string;
  readonly adminSecretAccessKey?: string;
  readonly accounts?: readonly NamedAccount[];
  /** A configuration file with the rest. */
  readonly config?: string;
  /** Told of what goes wrong while serving; without it, errors are thrown into the process. */
  readonly onError?: (error: unknown) => void;
}

export interface AdministratorKey {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface RolecallServer {
  readonly url: string;
  readonly accountId: string;
  /** Of the first account; null where an earlier start made it. */
  readonly administrator: AdministratorKey | null;
  /** All that this start made. */
  readonly administrators: readonly AdministratorKey[];
  close(): Promise<void>;
}

/**
 * Starts a server as `rolecall serve` does, without its environment variables and without rolecall.json.
 *
 * @throws ConfigurationError that says what is wrong and how to mend it
 */
export async function start(options: StartOptions = {}): Promise<RolecallServer> {
  const { host, port, dataDir, database, ephemeral, account, accounts, config } = options;
  const settings = resolveSettings({
    flags: {
      host,
      port: port === undefined ? undefined : String(port),
      "data-dir": dataDir,
      database,
      ephemeral,
      account,
      "admin-access-key-id": options.adminAccessKeyId,
      "admin-secret-access-key": options.adminSecretAccessKey,
      accounts: accounts?.map(({ id, name }) => `${id}=${name}`).join(","),
      config,
    },
    environment: {},
    cwd: process.cwd(),
    withoutFile: config === undefined,
  });
  const onError =
    options.onError ??
    ((error: unknown) => {
      throw error;
    });
  const { server, close } = await startFromSettings(settings, { onError });
  const administrators = server.created.map(({ accountId, accessKeyId, secretAccessKey }) => ({
    accountId,
    accessKeyId,
    secretAccessKey,
  }));
  return {
    url: server.url,
    accountId: server.operatorAccount,
    administrator: administrators.find(({ accountId }) => accountId === server.operatorAccount) ?? null,
    administrators,
    close,
  };
}

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { loadAwsManagedPolicies } from "../authorization/aws-managed-policies.ts";
import type { Clock } from "../clock/clock.ts";
import { createIds } from "../clock/ids.ts";
import type { Random } from "../clock/random.ts";
import type { Environment } from "../operation/context.ts";
import type { Quotas } from "../operation/quotas.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { loadRings } from "../session/rings.ts";
import { openDatabase } from "../store/database.ts";
import type { Database, DatabaseLocation } from "../store/database.ts";
import { TrailFiles } from "../trail/files.ts";
import { createListener } from "./api/listener.ts";
import { bootstrap } from "./bootstrap.ts";
import type { BootstrapOptions, NewAdministrator } from "./bootstrap.ts";
import { closeEnvironment, createEnvironment } from "./environment.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly database: DatabaseLocation;
  /** Where the trail is written; null keeps it in memory (ephemeral). */
  readonly dataDirectory: string | null;
  readonly masterKey: MasterKey;
  readonly partition: string;
  readonly quotas: Quotas;
  readonly compatibility: Environment["compatibility"];
  readonly externalAccounts: ReadonlySet<string>;
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
}

export interface RunningServer {
  /** `http://127.0.0.1:7653` */
  readonly url: string;
  readonly operatorAccount: string;
  /** What this start made; empty when everything was there. */
  readonly created: readonly NewAdministrator[];
  environment(): Environment;
  /** Takes no new connections, finishes what is under way (at most `grace` milliseconds), and writes everything. */
  close(grace?: number): Promise<void>;
}

/** What serves: a database and all that stands on it. An ephemeral server that is reset gets another one. */
interface State {
  readonly database: Database;
  readonly environment: Environment;
  readonly created: readonly NewAdministrator[];
}

const defaultGrace = 10_000;

/** Opens the database, makes what is missing, and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const ephemeral = options.dataDirectory === null;
  let state: State;
  let replaced: Promise<void> | null = null;
  const reset = (): void => {
    // The request that asked for it still stands on the old state, which is closed once the new one serves.
    const replacing = (replaced ?? Promise.resolve()).then(async () => {
      const old = state;
      state = await open({ ...options, first: { id: old.environment.operatorAccount }, known: old.created, keep: async () => {} }, reset);
      void closeState(old).catch(options.onError);
    });
    replaced = replacing.catch(options.onError).then(() => {
      if (replaced === settledReset) replaced = null;
    });
    const settledReset = replaced;
  };
  state = await open(options, ephemeral ? reset : null);
  const listener = createListener({
    environment: () => state.environment,
    settled: () => replaced,
    tls: options.tls,
    onDefect: options.onError,
  });
  await listen(listener, options.host, options.port);
  const { port } = listener.address() as AddressInfo;
  return {
    url: `${options.tls === null ? "http" : "https"}://${urlHost(options.host)}:${port}`,
    operatorAccount: state.environment.operatorAccount,
    created: state.created,
    environment: () => state.environment,
    async close(grace = defaultGrace) {
      await closeListener(listener, grace);
      await replaced;
      await closeState(state);
    },
  };
}

async function open(
  options: ServerOptions & Pick<BootstrapOptions, "known">,
  reset: (() => void) | null,
): Promise<State> {
  const database = await openDatabase(options.database, { clock: options.clock });
  try {
    const rings = await loadRings(database, options.masterKey, options.clock);
    const { operatorAccount, created } = await bootstrap(database, {
      ...options,
      ids: createIds(options.random),
      secrets: rings.secrets,
      now: options.clock.now(),
    });
    const environment = await createEnvironment({
      ...options,
      ...rings,
      database,
      operatorAccount,
      reset,
      awsManaged: loadAwsManagedPolicies(),
      trailFiles: options.dataDirectory === null ? null : new TrailFiles(options.dataDirectory),
    });
    return { database, environment, created };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function closeState({ environment, database }: State): Promise<void> {
  await closeEnvironment(environment);
  await database.close();
}

function listen(listener: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

function closeListener(listener: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const hard = setTimeout(() => listener.closeAllConnections(), grace);
    listener.close(() => {
      clearTimeout(hard);
      resolve();
    });
    listener.closeIdleConnections();
  });
}

/** An address that listens everywhere is reached by its loopback. */
function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

import { mkdirSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { loadAwsManagedPolicies } from "../authorization/aws-managed-policies.ts";
import { AgreedClock } from "../clock/agreed-clock.ts";
import type { Clock } from "../clock/clock.ts";
import { createIds } from "../clock/ids.ts";
import type { Random } from "../clock/random.ts";
import type { Environment } from "../operation/context.ts";
import type { Quotas } from "../operation/quotas.ts";
import { FormerRingKey } from "../seal/errors.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { Node } from "../session/node.ts";
import { loadRings } from "../session/rings.ts";
import { openDatabase } from "../store/open.ts";
import type { Database, DatabaseLocation } from "../store/sql/database.ts";
import { Unavailable } from "../store/sql/errors.ts";
import type { TrailKeeping } from "../trail/keeping.ts";
import { TrailFiles } from "../trail/files.ts";
import type { TrailCollector } from "../trail/trail.ts";
import { createListener } from "../doors/api/listener.ts";
import { ownCacheBudget, tuneAllocation } from "./allocation.ts";
import { BodyBudget } from "../http/body-budget.ts";
import { HttpFigures } from "../http/figures.ts";
import type { ReaderName } from "../http/figures.ts";
import { renewCertificate } from "../http/listener.ts";
import type { HttpListener } from "../http/listener.ts";
import type { RequestObserver } from "../doors/api/listener.ts";
import { bootstrap } from "./bootstrap.ts";
import type { BootstrapOptions, NewAdministrator } from "./bootstrap.ts";
import type { Certificate } from "../http/certificate.ts";
import type { StoreObserver } from "../pipeline/bounded-database.ts";
import { closeEnvironment, createEnvironment } from "./environment.ts";
import { defaultLimits } from "./limits.ts";
import type { ServerLimits } from "./limits.ts";
import type { Metrics, MetricsSources } from "../observe/metrics.ts";
import { createMetricsListener, metricsPath } from "../observe/metrics-listener.ts";
import { Readiness } from "../doors/health/readiness.ts";

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

/** What a server stands on, without a listener: what the owner of a data directory has whose workers serve. */
export interface Foundation {
  readonly operatorAccount: string;
  /** What this start made; empty when everything was there. */
  readonly created: readonly NewAdministrator[];
  /** Null where none were asked for. */
  readonly metrics: Metrics | null;
  environment(): Environment;
  /** Tells the metrics. */
  renewCertificate(certificate: Certificate): void;
  /** Writes everything. */
  close(): Promise<void>;
}

export interface RunningServer {
  /** `http://127.0.0.1:7653` */
  readonly url: string;
  /** `http://127.0.0.1:9464/metrics`; null where there is none. */
  readonly metricsUrl: string | null;
  /** Null where none were asked for. A worker counts and leaves the listening to its data directory's owner. */
  readonly metrics: Metrics | null;
  readonly operatorAccount: string;
  /** What this start made; empty when everything was there. */
  readonly created: readonly NewAdministrator[];
  environment(): Environment;
  /** New connections get it; those that are there keep what they have. On a server with TLS only. */
  renewCertificate(certificate: Certificate): void;
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
  tuneAllocation();
  const ephemeral = options.dataDirectory === null;
  const limits = { ...defaultLimits, ...options.limits };
  const bodies = new BodyBudget(limits.bodyBytes);
  let state: State;
  let replaced: Promise<void> | null = null;
  const connections = { open: async () => 0, dropped: 0 };
  const environment = (): Environment => state.environment;
  const figures = new HttpFigures();
  let certificate = options.tls;
  const metrics = await openMetrics(options, {
    environment,
    bodies,
    connections,
    figures,
    certificate: () => certificate,
    clock: options.clock,
  });
  const equipment = { ...options, limits, storeObserver: metrics };
  const reset = (): void => {
    // The request that asked for it still stands on the old state, which is closed once the new one serves.
    const replacing = (replaced ?? Promise.resolve()).then(async () => {
      const old = state;
      const first = { id: old.environment.operatorAccount };
      state = await open({ ...equipment, first, known: old.created, keep: async () => {} }, reset);
      void closeState(old).catch(options.onError);
    });
    replaced = replacing.catch(options.onError).then(() => {
      if (replaced === settledReset) replaced = null;
    });
    const settledReset = replaced;
  };
  state = await open(equipment, ephemeral ? reset : null);
  const listener = createListener({
    environment,
    settled: () => replaced,
    tls: options.tls,
    limits,
    bodies,
    reader: options.httpReader ?? "lane",
    figures,
    readiness: new Readiness(environment, () => state.database, options.clock),
    observers: [metrics, options.requests ?? null].filter((observer) => observer !== null),
    onDefect: options.onError,
  });
  connections.open = () => countConnections(listener);
  listener.on("drop", () => connections.dropped++);
  const metricsListener =
    metrics === null || options.worker != null ? null : createMetricsListener(metrics, options.onError);
  try {
    await listen(listener, options);
    if (metricsListener !== null) await listen(metricsListener, options.metrics!);
  } catch (error) {
    listener.close();
    await closeState(state);
    throw error;
  }
  return {
    url: urlOf(listener, options.host, options.tls !== null),
    metricsUrl: metricsListener === null ? null : urlOf(metricsListener, options.metrics!.host, false) + metricsPath,
    metrics,
    operatorAccount: state.environment.operatorAccount,
    created: state.created,
    environment,
    renewCertificate(renewed) {
      renewCertificate(listener, renewed);
      certificate = renewed;
    },
    async close(grace = defaultGrace) {
      await closeListener(listener, grace);
      if (metricsListener !== null) await closeListener(metricsListener, 0);
      await replaced;
      await closeState(state);
    },
  };
}

/** Does what a start does but listen: for the owner of a data directory whose workers serve. */
export async function startFoundation(options: ServerOptions): Promise<Foundation> {
  const limits = { ...defaultLimits, ...options.limits };
  let state: State;
  let certificate = options.tls;
  const environment = (): Environment => state.environment;
  const metrics = await openMetrics(options, {
    environment,
    bodies: new BodyBudget(limits.bodyBytes),
    connections: { open: async () => 0, dropped: 0 },
    certificate: () => certificate,
    figures: new HttpFigures(),
    clock: options.clock,
  });
  state = await open({ ...options, limits, storeObserver: metrics }, null);
  const { operatorAccount } = state.environment;
  return {
    operatorAccount,
    created: state.created,
    metrics,
    environment,
    renewCertificate(renewed) {
      certificate = renewed;
    },
    close: () => closeState(state),
  };
}

/** Without metrics not even their library is loaded. */
async function openMetrics({ metrics }: ServerOptions, sources: MetricsSources): Promise<Metrics | null> {
  if (metrics == null) return null;
  const { Metrics } = await import("../observe/metrics.ts");
  return new Metrics(sources);
}

/** The options with everything in them that a state needs, also the one after a reset. */
interface Equipment extends Omit<ServerOptions, "limits">, Pick<BootstrapOptions, "known"> {
  readonly limits: ServerLimits;
  readonly storeObserver: StoreObserver | null;
}

async function open(options: Equipment, reset: (() => void) | null): Promise<State> {
  const worker = options.worker ?? null;
  const database = await openDatabase(options.database, {
    clock: options.clock,
    shared: options.shared,
    onWait: (what) => options.onError(new Unavailable(what)),
  });
  let node: Node | null = null;
  try {
    const rings = await loadRings(database, options.masterKey);
    const clock = new AgreedClock(options.clock);
    node = new Node({
      database,
      rings,
      clock,
      master: options.masterKey,
      own: options.clock,
      onError: options.onError,
      interval: options.ringInterval,
      lease: options.nodeLease,
    });
    // From here on no key seals that this node does not have, and its clock is the database's.
    await node.renew();
    const wanted = { ...options, ids: createIds(options.random), secrets: rings.secrets, now: clock.now() };
    const { operatorAccount, created } = await bootstrap(database, wanted).catch(async (error: unknown) => {
      if (!(error instanceof FormerRingKey)) throw error;
      // The ring rotated at this very moment.
      await node!.learn();
      return bootstrap(database, wanted);
    });
    const environment = await createEnvironment({
      ...options,
      ...rings,
      clock,
      node,
      database,
      operatorAccount,
      reset,
      maxPending: options.limits.maxPending,
      rateLimits: options.limits.rates,
      caches: ownCacheBudget(),
      awsManaged: loadAwsManagedPolicies(),
      trailFiles: trailFilesOf(options),
      trailCollector: worker?.collector,
    });
    return { database, environment, created };
  } catch (error) {
    await node?.close();
    await database.close();
    throw error;
  }
}

function trailFilesOf({ dataDirectory, worker }: Pick<ServerOptions, "dataDirectory" | "worker">): TrailFiles | null {
  if (dataDirectory === null) return null;
  // Found at the start rather than with the first record, without which nothing is answered.
  mkdirSync(join(dataDirectory, "trail"), { recursive: true, mode: 0o700 });
  return new TrailFiles(dataDirectory, worker == null ? null : `w${worker.number}`);
}

async function closeState({ environment, database }: State): Promise<void> {
  await closeEnvironment(environment);
  await database.close();
}

/** @throws Error of the listener: a port that is taken, an address that is none */
export function listen(
  listener: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

function countConnections(listener: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

/** Where a listener is reached from this machine. */
export function urlOf(listener: Server, host: string, secure: boolean): string {
  const { port } = listener.address() as AddressInfo;
  return `${secure ? "https" : "http"}://${urlHost(host)}:${port}`;
}

/** Takes no new connections and finishes what is under way. @param grace milliseconds after which connections end */
export function closeListener(listener: HttpListener, grace: number): Promise<void> {
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

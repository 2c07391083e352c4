import { createListener } from "../doors/api/listener.ts";
import type { ApiListener } from "../doors/api/listener.ts";
import { Readiness } from "../doors/health/readiness.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { Certificate } from "../http/certificate.ts";
import { HttpFigures } from "../http/figures.ts";
import { renewCertificate } from "../http/listener.ts";
import type { HttpListener } from "../http/listener.ts";
import { createMetricsListener, metricsPath } from "../observe/metrics-listener.ts";
import type { Metrics } from "../observe/metrics.ts";
import { openMetrics } from "../observe/open-metrics.ts";
import type { Environment } from "../operation/context.ts";
import { tuneAllocation } from "./allocation.ts";
import type { NewAdministrator } from "./bootstrap.ts";
import { defaultLimits } from "./limits.ts";
import { closeListener, countConnections, listen, urlOf } from "./listen.ts";
import type { ServerOptions } from "./options.ts";
import { ServedState } from "./state.ts";

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

const defaultGrace = 10_000;

/** Opens the database, makes what is missing, and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  tuneAllocation();
  const limits = { ...defaultLimits, ...options.limits };
  const bodies = new BodyBudget(limits.bodyBytes);
  const figures = new HttpFigures();
  const connections = { open: async () => 0, dropped: 0 };
  let served: ServedState;
  let certificate = options.tls;
  const metrics = await openMetrics(options.metrics, {
    environment: () => served.environment(),
    bodies,
    connections,
    figures,
    certificate: () => certificate,
    clock: options.clock,
  });
  let url: string | undefined;
  const ownUrl = (): string => (url ??= urlOf(listener, options.host, options.tls !== null));
  const publicUrl = (): string => options.publicUrl?.replace(/\/+$/, "") ?? ownUrl();
  served = await ServedState.open({ ...options, limits, publicUrl, storeObserver: metrics });
  const { environment } = served;
  const listener = createListener({
    environment,
    settled: served.settled,
    tls: options.tls,
    limits,
    bodies,
    reader: options.httpReader ?? "lane",
    figures,
    readiness: new Readiness(environment, () => served.database, options.clock),
    observers: [metrics, options.requests ?? null].filter((observer) => observer !== null),
    onDefect: options.onError,
  });
  connections.open = () => countConnections(listener);
  listener.on("drop", () => connections.dropped++);
  const metricsListener = await listenOrClose(listener, metrics, served, options);
  return {
    url: ownUrl(),
    metricsUrl: metricsListener === null ? null : urlOf(metricsListener, options.metrics!.host, false) + metricsPath,
    metrics,
    operatorAccount: environment().operatorAccount,
    created: served.created,
    environment,
    renewCertificate(renewed) {
      renewCertificate(listener, renewed);
      certificate = renewed;
    },
    async close(grace = defaultGrace) {
      await closeListener(listener, grace);
      if (metricsListener !== null) await closeListener(metricsListener, 0);
      await served.close();
    },
  };
}

/** @returns the listener of the metrics; null where there is none: a worker leaves it to the owner of its data directory */
async function listenOrClose(
  listener: ApiListener,
  metrics: Metrics | null,
  served: ServedState,
  options: ServerOptions,
): Promise<HttpListener | null> {
  const metricsListener =
    metrics === null || options.worker != null ? null : createMetricsListener(metrics, options.onError);
  try {
    await listen(listener, options);
    if (metricsListener !== null) await listen(metricsListener, options.metrics!);
    return metricsListener;
  } catch (error) {
    listener.close();
    await served.close();
    throw error;
  }
}

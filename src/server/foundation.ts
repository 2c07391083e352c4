import { HttpFigures } from "../http/figures.ts";
import { BodyBudget } from "../http/body-budget.ts";
import type { Certificate } from "../http/certificate.ts";
import type { Metrics } from "../observe/metrics.ts";
import { openMetrics } from "../observe/open-metrics.ts";
import type { Environment } from "../operation/context.ts";
import type { NewAdministrator } from "./bootstrap.ts";
import { defaultLimits } from "./limits.ts";
import type { ServerOptions } from "./options.ts";
import { ServedState } from "./state.ts";

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

/** The owner answers no request: where the server is reached, its workers say. */
function nobodyAsks(): never {
  throw new Error("the owner of a data directory does not listen");
}

/** Does what a start does but listen: for the owner of a data directory whose workers serve. */
export async function startFoundation(options: ServerOptions): Promise<Foundation> {
  const limits = { ...defaultLimits, ...options.limits };
  let served: ServedState;
  let certificate = options.tls;
  const metrics = await openMetrics(options.metrics, {
    environment: () => served.environment(),
    bodies: new BodyBudget(limits.bodyBytes),
    connections: { open: async () => 0, dropped: 0 },
    certificate: () => certificate,
    figures: new HttpFigures(),
    clock: options.clock,
  });
  served = await ServedState.open({ ...options, limits, publicUrl: nobodyAsks, storeObserver: metrics });
  return {
    operatorAccount: served.environment().operatorAccount,
    created: served.created,
    metrics,
    environment: served.environment,
    renewCertificate(renewed) {
      certificate = renewed;
    },
    close: () => served.close(),
  };
}

import { Registry } from "prom-client";
import type { Metric } from "prom-client";
import type { MetricValues } from "../../observe/metrics.ts";

/** The metrics of one process. */
export interface ProcessMetrics {
  /** The label `worker` of all of them. */
  readonly worker: string;
  readonly metrics: readonly MetricValues[];
}

const registry = new Registry();

export const contentType = registry.contentType;

/**
 * The metrics of several processes as one text. Each keeps its own series, told apart by the label `worker`: a sum that
 * fell when a worker was replaced would be taken for a counter that was reset. `sum without (worker)` adds them up.
 */
export function joinedMetrics(processes: readonly ProcessMetrics[]): Promise<string> {
  const joined = new Map<string, MetricValues & { values: MetricValues["values"][number][] }>();
  for (const { worker, metrics } of processes) {
    for (const metric of metrics) {
      const known = joined.get(metric.name) ?? { ...metric, values: [] };
      for (const sample of metric.values) known.values.push({ ...sample, labels: { ...sample.labels, worker } });
      joined.set(metric.name, known);
    }
  }
  const together = new Registry();
  for (const metric of joined.values()) {
    // The registry asks a metric for nothing but its name and `get`.
    together.registerMetric({ name: metric.name, get: async () => metric } as unknown as Metric);
  }
  return together.metrics();
}

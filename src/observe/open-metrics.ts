import type { Metrics, MetricsSources } from "./metrics.ts";

/** Without metrics not even their library is loaded. @param where they are to be found; null or undefined: nowhere */
export async function openMetrics(where: object | null | undefined, sources: MetricsSources): Promise<Metrics | null> {
  if (where == null) return null;
  const { Metrics } = await import("./metrics.ts");
  return new Metrics(sources);
}

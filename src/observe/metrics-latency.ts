/** Upper bounds in seconds: from a request that is all cache to one that waited for a failing store. */
export const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/**
 * Latencies of one series. Plain numbers that are turned into a Prometheus histogram when somebody asks: prom-client
 * hashes labels with every observation, which costs more than all the rest of it.
 */
export class Latency {
  /** Per bucket, not cumulative; the last is above all bounds. */
  readonly counts: number[] = Array.from({ length: latencyBounds.length + 1 }, () => 0);
  sumSeconds = 0;

  /** @param ms milliseconds */
  observe(ms: number): void {
    const seconds = ms / 1000;
    let bucket = 0;
    while (bucket < latencyBounds.length && seconds > latencyBounds[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sumSeconds += seconds;
  }
}

export type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/** A histogram over series that are kept elsewhere, as prom-client's registry takes it. */
export class LatencyHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  readonly #series: () => Iterable<readonly [Labels, Latency]>;

  constructor(name: string, help: string, series: () => Iterable<readonly [Labels, Latency]>) {
    this.name = name;
    this.help = help;
    this.#series = series;
  }

  /** What prom-client calls to write the metric out. */
  async get(): Promise<object> {
    const values: Sample[] = [];
    for (const [labels, latency] of this.#series()) values.push(...this.#samples(labels, latency));
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }

  #samples(labels: Labels, { counts, sumSeconds }: Latency): Sample[] {
    const samples: Sample[] = [];
    let total = 0;
    for (const [index, count] of counts.entries()) {
      total += count;
      const le = latencyBounds[index] ?? "+Inf";
      samples.push({ metricName: `${this.name}_bucket`, labels: { ...labels, le }, value: total });
    }
    samples.push({ metricName: `${this.name}_sum`, labels: { ...labels }, value: sumSeconds });
    samples.push({ metricName: `${this.name}_count`, labels: { ...labels }, value: total });
    return samples;
  }
}

import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Metric } from "prom-client";
import type { OperationContract } from "../contracts/model.ts";
import type { Clock } from "../clock/clock.ts";
import type { Environment } from "../operation/context.ts";
import type { Rendered } from "../wire/rendered.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import type { Exchange } from "../pipeline/stage.ts";
import type { RequestObserver } from "../doors/api/listener.ts";
import { validity } from "../http/certificate.ts";
import type { Certificate } from "../http/certificate.ts";
import { fetchOutcomes, lookupOutcomes } from "../federation/oidc/issuer-figures.ts";
import { handoverReasons, readerNames } from "../http/figures.ts";
import type { HttpFigures } from "../http/figures.ts";
import { rooms } from "../trail/disk-room.ts";
import { outcomeOf, outcomes } from "../pipeline/outcome.ts";
import type { Outcome } from "../pipeline/outcome.ts";
import type { StoreObserver } from "../pipeline/bounded-database.ts";
import { BoundedDatabase } from "../pipeline/bounded-database.ts";
import { Latency, LatencyHistogram } from "./metrics-latency.ts";
import type { Labels } from "./metrics-latency.ts";

export interface MetricsSources {
  /** The environment of the moment. */
  readonly environment: () => Environment;
  readonly bodies: BodyBudget;
  /** Open connections of the API, and those closed because there were too many. */
  readonly connections: { readonly open: () => Promise<number>; readonly dropped: number };
  /** The certificate of the moment; null without TLS. */
  readonly certificate: () => Certificate | null;
  /** What the readers of HTTP do. */
  readonly figures: HttpFigures;
  readonly clock: Clock;
}

/** One metric with all its samples, as prom-client gives it. */
export interface MetricValues {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    /** Where it is not the metric's own: `…_bucket`, `…_sum`, `…_count`. */
    readonly metricName?: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

/** What is counted of one operation. */
interface Series {
  readonly service: string;
  readonly operation: string;
  readonly latency: Latency;
  readonly counts: Record<Outcome, number>;
}

/** Distinct codes of faults that are counted by name. All of ours are fewer: this bounds what a mistake could cost. */
const codeLimit = 300;

/**
 * Counts what goes on, for Prometheus. While requests run only plain numbers change; all text is made when somebody
 * asks. Labels come from the contracts and from rolecall's own faults, never from a request.
 */
export class Metrics implements RequestObserver, StoreObserver {
  readonly #registry = new Registry();
  readonly #series = new Map<OperationContract | undefined, Series>();
  readonly #faults = new Map<string, { readonly service: string; readonly code: string; count: number }>();
  readonly #store = { read: new Latency(), write: new Latency() };
  readonly #storeFailures = { read: 0, write: 0 };
  #inFlight = 0;

  constructor(sources: MetricsSources) {
    collectDefaultMetrics({ register: this.#registry });
    this.#registerRequests(sources);
    this.#registerCertificate(sources);
    this.#registerReaders(sources);
    this.#registerStore(sources);
    this.#registerCaches(sources);
    this.#registerTrailAndRings(sources);
    this.#registerIssuers(sources);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** The same as numbers, for a process that puts those of several together. */
  values(): Promise<MetricValues[]> {
    // prom-client's types name an enumeration where its values are the words themselves.
    return this.#registry.getMetricsAsJSON() as unknown as Promise<MetricValues[]>;
  }

  began(): void {
    this.#inFlight++;
  }

  ended(exchange: Exchange, answer: Rendered | null, ms: number): void {
    this.#inFlight--;
    const series = this.#seriesOf(exchange);
    series.latency.observe(ms);
    series.counts[outcomeOf(exchange, answer)]++;
    if (exchange.fault !== undefined) this.#countFault(series.service, exchange.fault.code);
  }

  transaction(kind: "read" | "write", ms: number, error: unknown): void {
    this.#store[kind].observe(ms);
    // A fault or a conflict is an answer of the store, not a failure of it.
    if (error instanceof Error && (error.name === "Unavailable" || error.name === "Contention")) {
      this.#storeFailures[kind]++;
    }
  }

  #seriesOf({ contract, service }: Exchange): Series {
    const known = this.#series.get(contract);
    if (known !== undefined) return known;
    const series: Series = {
      service: contract === undefined ? "none" : (service?.name ?? "none"),
      operation: contract?.name ?? "none",
      latency: new Latency(),
      counts: Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    };
    this.#series.set(contract, series);
    return series;
  }

  #countFault(service: string, code: string): void {
    const key = `${service} ${code}`;
    const known = this.#faults.get(key);
    if (known !== undefined) known.count++;
    else if (this.#faults.size < codeLimit) this.#faults.set(key, { service, code, count: 1 });
    else if (code !== "Other") this.#countFault("none", "Other");
  }

  #registerRequests({ bodies, connections }: MetricsSources): void {
    const series = this.#series;
    this.#counter("rolecall_requests_total", "Requests by operation and outcome.", function* () {
      for (const { service, operation, counts } of series.values()) {
        for (const outcome of outcomes) {
          if (counts[outcome] > 0) yield [{ service, operation, outcome }, counts[outcome]];
        }
      }
    });
    this.#histogram("rolecall_request_seconds", "From a request's head to its answer.", function* () {
      for (const { service, operation, latency } of series.values()) yield [{ service, operation }, latency];
    });
    const faults = this.#faults;
    this.#counter("rolecall_faults_total", "Faults that were answered, by their code.", function* () {
      for (const { service, code, count } of faults.values()) yield [{ service, code }, count];
    });
    this.#gauge("rolecall_requests_in_flight", "Requests that are not answered yet.", () => [[{}, this.#inFlight]]);
    this.#gauge("rolecall_body_bytes_in_flight", "Bytes of request bodies held.", () => [[{}, bodies.held]]);
    this.#gauge("rolecall_connections", "Open connections.", async () => [[{}, await connections.open()]]);
    this.#counter("rolecall_connections_dropped_total", "Connections closed because there were too many.", () => [
      [{}, connections.dropped],
    ]);
  }

  #registerCertificate({ certificate }: MetricsSources): void {
    if (certificate() === null) return;
    this.#gauge("rolecall_tls_certificate_expiry_seconds", "When the certificate ends, in seconds since 1970.", () => [
      [{}, validity(certificate()!).until / 1000],
    ]);
  }

  #registerReaders({ figures }: MetricsSources): void {
    this.#gauge("rolecall_http_connections", "Open connections by who reads them.", () =>
      readerNames.map((reader) => [{ reader }, figures.connections[reader]]),
    );
    this.#counter("rolecall_http_requests_total", "Requests by who read them.", () =>
      readerNames.map((reader) => [{ reader }, figures.requests[reader]]),
    );
    this.#counter("rolecall_http_handovers_total", "Connections that the plain lane gave to node:http.", () =>
      handoverReasons.map((reason) => [{ reason }, figures.handovers[reason]]),
    );
    this.#gauge("rolecall_http_ahead_bytes", "Bytes of pipelined requests that wait for the one before them.", () => [
      [{}, figures.aheadBytes],
    ]);
    this.#counter("rolecall_http_ahead_refused_total", "Connections ended for want of room for such bytes.", () => [
      [{}, figures.aheadRefused],
    ]);
  }

  #registerStore({ environment }: MetricsSources): void {
    const store = this.#store;
    this.#histogram("rolecall_store_seconds", "Transactions of requests, waiting included.", () => [
      [{ kind: "read" }, store.read],
      [{ kind: "write" }, store.write],
    ]);
    this.#counter("rolecall_store_failures_total", "Transactions that ended because the store could not.", () => [
      [{ kind: "read" }, this.#storeFailures.read],
      [{ kind: "write" }, this.#storeFailures.write],
    ]);
    const gate = (of: (database: BoundedDatabase) => number): Samples => {
      const { database } = environment();
      return database instanceof BoundedDatabase ? [[{}, of(database)]] : [];
    };
    this.#gauge("rolecall_costly_waiting", "Requests that wait for their turn among what is costly.", () => [
      [{}, environment().costlyLine.length],
    ]);
    this.#gauge("rolecall_store_pending", "Transactions of requests under way or waiting.", () =>
      gate(({ pending }) => pending),
    );
    this.#counter("rolecall_store_turned_away_total", "Transactions refused because too many were pending.", () =>
      gate(({ turnedAway }) => turnedAway),
    );
    this.#counter("rolecall_rate_limited_total", "Requests refused by a rate limit.", () => {
      return Object.entries(environment().rateLimits.turnedAway).map(([limit, count]) => [{ limit }, count]);
    });
  }

  #registerCaches({ environment }: MetricsSources): void {
    const caches = () => {
      const { authenticator, authorizer } = environment();
      return [
        ["access_keys", authenticator.keys],
        ["entities", authenticator.entities],
        ["policies", authorizer.policies.entities],
      ] as const;
    };
    this.#gauge("rolecall_cache_entries", "Entries of a cache.", () => [
      ...caches().map(([cache, { size }]) => [{ cache }, size] as const),
      [{ cache: "sessions" }, environment().authenticator.cachedSessions],
      [{ cache: "issuer_keys" }, environment().issuerKeys.size],
    ]);
    this.#counter("rolecall_cache_hits_total", "Lookups that a cache answered.", () =>
      caches().map(([cache, { hits }]) => [{ cache }, hits]),
    );
    this.#counter("rolecall_cache_misses_total", "Lookups that went to the store.", () =>
      caches().map(([cache, { misses }]) => [{ cache }, misses]),
    );
  }

  #registerTrailAndRings({ environment }: MetricsSources): void {
    const state = () => environment().trail.state;
    this.#gauge("rolecall_trail_queued_records", "Records of reads and denials that wait to be written.", () => [
      [{}, state().queued],
    ]);
    this.#gauge("rolecall_trail_queued_bytes", "Memory that they take; at 64 million reads are refused.", () => [
      [{}, state().bytes],
    ]);
    this.#counter("rolecall_trail_counted_total", "Requests of nobody that the trail has as a number only.", () => [
      [{}, state().counted],
    ]);
    this.#gauge("rolecall_trail_disk_free_bytes", "What the trail's disk has left.", () => {
      const { free } = state();
      return free === null ? [] : [[{}, free]];
    });
    this.#gauge(
      "rolecall_trail_disk_short",
      "1: nobody is only counted, 2: reads wait, 3: changes will soon fail.",
      () => [[{}, rooms.indexOf(environment().trail.room)]],
    );
    this.#gauge("rolecall_trail_failing", "1 while the trail cannot be written.", () => [
      [{}, state().failing ? 1 : 0],
    ]);
    this.#counter("rolecall_trail_flush_failures_total", "Attempts to write the trail that failed.", () => [
      [{}, state().failures],
    ]);
    const rings = () => [environment().tokens, environment().secrets];
    this.#gauge("rolecall_ring_key_age_seconds", "For how long the present key of a ring has been sealing.", () =>
      rings()
        .filter(({ promotedAt }) => promotedAt !== null)
        .map(({ purpose, promotedAt }) => [{ ring: purpose }, (environment().clock.now() - promotedAt!) / 1000]),
    );
    this.#gauge("rolecall_ring_key_seals", "How often the present key of a ring has sealed; 2^30 is the most.", () =>
      rings().map(({ purpose, promoted }) => [{ ring: purpose }, promoted?.seals ?? 0]),
    );
    this.#gauge("rolecall_ring_damaged_keys", "Keys of a ring that the master key does not open.", () =>
      rings().map(({ purpose, damaged }) => [{ ring: purpose }, damaged.length]),
    );
    this.#gauge("rolecall_unopenable_secrets", "Access keys and all else whose secret cannot be opened.", () => [
      [{}, environment().storedSecrets.unopenable.size],
    ]);
    this.#gauge("rolecall_clock_deviation_seconds", "How far this machine's clock is ahead of the database's.", () => [
      [{}, environment().node.clockDeviation / 1000],
    ]);
  }

  #registerIssuers({ environment }: MetricsSources): void {
    const figures = () => environment().issuerKeys.figures;
    this.#counter(
      "rolecall_oidc_fetches_total",
      "Times that an OIDC issuer was asked for its keys, by what came of it.",
      () => fetchOutcomes.map((outcome) => [{ outcome }, figures().fetches[outcome]]),
    );
    this.#counter("rolecall_oidc_keys_total", "Keys that tokens of OIDC issuers named, by how each was come by.", () =>
      lookupOutcomes.map((outcome) => [{ outcome }, figures().lookups[outcome]]),
    );
    this.#gauge("rolecall_oidc_waiting", "Requests that wait for an OIDC issuer.", () => [[{}, figures().waiting]]);
    this.#gauge("rolecall_oidc_issuers_asked", "OIDC issuers that are being asked, or wait for it.", () => [
      [{}, environment().issuerKeys.underWay],
    ]);
  }

  #counter(name: string, help: string, samples: () => Samples | Promise<Samples>): void {
    const labelled = new Counter({
      name,
      help,
      labelNames: labelNames[name] ?? [],
      registers: [this.#registry],
      async collect() {
        this.reset();
        for (const [labels, value] of await samples()) this.inc({ ...labels }, value);
      },
    });
    labelled.reset();
  }

  #gauge(name: string, help: string, samples: () => Samples | Promise<Samples>): void {
    const labelled = new Gauge({
      name,
      help,
      labelNames: labelNames[name] ?? [],
      registers: [this.#registry],
      async collect() {
        this.reset();
        for (const [labels, value] of await samples()) this.set({ ...labels }, value);
      },
    });
    labelled.reset();
  }

  #histogram(name: string, help: string, series: () => Iterable<readonly [Labels, Latency]>): void {
    // The registry asks a metric for nothing but its name and `get`.
    this.#registry.registerMetric(new LatencyHistogram(name, help, series) as unknown as Metric);
  }
}

type Samples = Iterable<readonly [Labels, number]>;

const labelNames: Readonly<Record<string, readonly string[]>> = {
  rolecall_requests_total: ["service", "operation", "outcome"],
  rolecall_http_connections: ["reader"],
  rolecall_http_requests_total: ["reader"],
  rolecall_http_handovers_total: ["reason"],
  rolecall_faults_total: ["service", "code"],
  rolecall_store_failures_total: ["kind"],
  rolecall_rate_limited_total: ["limit"],
  rolecall_cache_entries: ["cache"],
  rolecall_cache_hits_total: ["cache"],
  rolecall_cache_misses_total: ["cache"],
  rolecall_oidc_fetches_total: ["outcome"],
  rolecall_oidc_keys_total: ["outcome"],
  rolecall_ring_key_age_seconds: ["ring"],
  rolecall_ring_key_seals: ["ring"],
  rolecall_ring_damaged_keys: ["ring"],
};

/**
 * `serve --workers N`: one port, N processes. This one owns the data directory, makes what the first start makes, empties
 * the outbox, and sees to it that N workers serve; requests never come here.
 */
import cluster from "node:cluster";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Settings } from "../../config/index.ts";
import type { Certificate } from "../../http/certificate.ts";
import type { MetricValues } from "../../observe/metrics.ts";
import { createMetricsListener, metricsPath } from "../../observe/metrics-listener.ts";
import { startFoundation } from "../../server/foundation.ts";
import type { Foundation } from "../../server/foundation.ts";
import { closeListener, listen, urlOf } from "../../server/listen.ts";
import { lockDataDirectory } from "../../store/sql/dialects/sqlite/data-directory.ts";
import { withMasterKey } from "../master-key.ts";
import { Profile } from "../profile.ts";
import { serverOptions, withProfile } from "../runtime.ts";
import type { FromFiles, Started } from "../runtime.ts";
import { TlsFiles } from "../tls-files.ts";
import { readAuthorities } from "../trusted-authorities.ts";
import { assignment } from "./assignment.ts";
import { WorkerSlot } from "./slot.ts";

/** Milliseconds that a worker may take to write its records, or to say its metrics. */
const answerPatience = 2000;

/**
 * Starts the workers that the settings ask for.
 *
 * @param onError told of what goes wrong here; each worker has a log of its own
 * @throws ConfigurationError, MasterKeyError, Error when the data directory is taken or the port is
 */
export async function startWithWorkers(settings: Settings, onError: (error: unknown) => void): Promise<Started> {
  const tls = new TlsFiles(settings);
  const authorities = readAuthorities(settings);
  const lock = lockDataDirectory(settings.dataDir);
  const opened: (() => Promise<void>)[] = [async () => lock.release()];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    const profile = new Profile(settings.dataDir);
    const { key, foundation } = await withMasterKey(settings, async (key) => {
      const made = await withProfile(profile, (keep) =>
        startFoundation({
          ...serverOptions(settings, { onError }, keep, { tls: tls.current, key, authorities }),
          shared: true,
        }),
      );
      return { key, foundation: made };
    });
    opened.push(() => foundation.close());
    const slots = await makeSlots(settings, { tls, key, authorities }, foundation, onError);
    opened.push(async () => void (await Promise.all(slots.map((slot) => slot.stop()))));
    const [url] = (await Promise.all(slots.map((slot) => slot.start()))) as [string, ...string[]];
    const metricsListener = await listenForMetrics(settings, foundation, slots, onError);
    if (metricsListener !== null) opened.push(() => closeListener(metricsListener, 0));
    profile.writeReach({ url, region: settings.region, caBundle: tls.caBundle });
    const metricsUrl =
      metricsListener === null ? null : urlOf(metricsListener, settings.metricsHost, false) + metricsPath;
    const renewCertificate = async (certificate: Certificate): Promise<void> => {
      foundation.renewCertificate(certificate);
      await Promise.all(slots.map((slot) => slot.tell("certificate", certificate, answerPatience)));
    };
    return { server: { ...foundation, url, metricsUrl, close }, profile, tls, renewCertificate, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeSlots(
  settings: Settings,
  { tls, ...files }: Omit<FromFiles, "tls"> & { readonly tls: TlsFiles },
  foundation: Foundation,
  onError: (error: unknown) => void,
): Promise<readonly WorkerSlot[]> {
  const port = settings.port === 0 ? await freePort(settings.host) : settings.port;
  // The same program as this one, compiled or not.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const exec = fileURLToPath(new URL(`./process${extension}`, import.meta.url));
  // The owner deals out connections. Workers that took them off one listening socket themselves would share a burst as it
  // happens: most of a client's pool with one of them, for as long as the pool lasts.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec, args: [] });
  const drain = (): Promise<void> => drainOutbox(foundation);
  const slots: WorkerSlot[] = [];
  for (let number = 1; number <= settings.workers; number++) {
    const settle = async (): Promise<void> => {
      const others = slots.filter((slot) => slot.number !== number);
      await Promise.all(others.map((slot) => slot.ask("writeTrail", answerPatience)));
      await drain();
    };
    slots.push(
      new WorkerSlot({
        number,
        assignment: () => assignment(number, { ...settings, port }, { ...files, tls: tls.current }),
        answers: { drain, settle },
        onError,
      }),
    );
  }
  return slots;
}

/** @throws Error where the trail cannot be written: whoever asked asks again */
async function drainOutbox(foundation: Foundation): Promise<void> {
  const { trail } = foundation.environment();
  trail.committed();
  await trail.writeOut();
  if (trail.state.failing) throw new Error("the outbox could not be moved to the trail");
}

/** Workers that listen on port 0 one after the other would not have the same; this way, all have. */
async function freePort(host: string): Promise<number> {
  const listener = createServer();
  await listen(listener, { host, port: 0 });
  const { port } = listener.address() as AddressInfo;
  await closeListener(listener, 0);
  return port;
}

async function listenForMetrics(
  { metricsHost: host, metricsPort: port }: Settings,
  foundation: Foundation,
  slots: readonly WorkerSlot[],
  onError: (error: unknown) => void,
): Promise<Server | null> {
  const { metrics } = foundation;
  if (metrics === null || port === null) return null;
  const { contentType, joinedMetrics } = await import("./metrics.ts");
  const text = async (): Promise<string> => {
    const workers = slots.map(async (slot) => ({
      worker: String(slot.number),
      metrics: [...(((await slot.ask("metrics", answerPatience)) ?? []) as MetricValues[]), ...slotMetrics(slot)],
    }));
    return joinedMetrics([...(await Promise.all(workers)), { worker: "owner", metrics: await metrics.values() }]);
  };
  const listener = createMetricsListener({ contentType, text }, onError);
  await listen(listener, { host, port });
  return listener;
}

function slotMetrics({ serving, starts }: WorkerSlot): MetricValues[] {
  const one = (name: string, help: string, type: string, value: number): MetricValues => ({
    name,
    help,
    type,
    values: [{ labels: {}, value }],
  });
  return [
    one("rolecall_worker_serving", "1 while the worker listens.", "gauge", serving ? 1 : 0),
    one("rolecall_worker_starts_total", "Starts of the worker; more than one: it was replaced.", "counter", starts),
  ];
}

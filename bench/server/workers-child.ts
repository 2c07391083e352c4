/**
 * The server with workers, told by its parent over IPC: this process owns the data directory, its workers serve. Usage is
 * read from /proc, because a process knows only its own and its dead children's.
 */
import { readFileSync } from "node:fs";
import cluster from "node:cluster";
// Compiled beside this one: it is the program of the workers.
import type {} from "../../src/launch/workers/process.ts";
import { startWithWorkers } from "../../src/launch/workers/workers.ts";
import { resolveSettings } from "../../src/config/index.ts";
import type { Place } from "./open.ts";
import { benchKey, quotas } from "./open.ts";
import type { Reply, Request } from "./process.ts";

const { place, count } = JSON.parse(process.argv[2]!) as { readonly place: Place; readonly count: number };
const settings = resolveSettings({
  flags: {
    "data-dir": place.directory,
    port: "0",
    ...(place.postgresql === undefined ? {} : { database: place.postgresql }),
  },
  environment: { ROLECALL_MASTER_KEY: Buffer.from(benchKey).toString("base64") },
  cwd: place.directory,
});
// One worker too, which `serve` would do without: it shows what sharing costs.
const started = await startWithWorkers({ ...settings, quotas, workers: count }, (error) => {
  console.error(error);
  process.exitCode = 1;
});

/** Microseconds in a clock tick of /proc (USER_HZ is 100 on every Linux that Node runs on). */
const tick = 10_000;

function usage(): Reply {
  let cpu = 0;
  let resident = 0;
  const workers = Object.values(cluster.workers ?? {}).map((worker) => worker!.process.pid!);
  for (const pid of [process.pid, ...workers]) {
    // proc_pid_stat(5): what follows the name in parentheses begins with field 3; 14 and 15 are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    cpu += (Number(fields[11]) + Number(fields[12])) * tick;
    resident += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
  }
  return { cpu, resident };
}

process.on("message", ({ what }: Request) => {
  const done = what === "close" ? started.close() : Promise.resolve();
  void done.then(() => {
    process.send!(what === "usage" ? usage() : {}, () => {
      if (what === "close") process.exit(0);
    });
  });
});
process.on("disconnect", () => process.exit(1));
process.send!({ port: Number(new URL(started.server.url).port) } satisfies Reply);

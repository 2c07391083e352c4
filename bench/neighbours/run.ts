/**
 * `npm run bench -- neighbours`: what one principal or one stranger sends for a minute over 32 connections, another one's
 * GetCallerIdentity must not notice. ROLECALL_NEIGHBOURS_SECONDS makes it shorter, ROLECALL_NEIGHBOURS a part of it (a text
 * that the names of the attacks contain), ROLECALL_NEIGHBOURS_STORE=postgresql runs it there.
 */
import { fork } from "node:child_process";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startPostgres } from "../../test/harness/postgres/server.ts";
import { below, percentile, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "../server/connection.ts";
import { Measured } from "../server/process.ts";
import { finished, queryCall } from "../server/requests.ts";
import { makeWorld } from "../server/seed.ts";
import type { World } from "../server/seed.ts";
import type { Order } from "./attacker.ts";
// Compiled beside this one: it is the program of the attacker.
import type {} from "./attacker.ts";
import { attacks } from "./attacks.ts";
import type { Attack } from "./attacks.ts";
import type { Tally } from "./flood.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

const seconds = Number(process.env["ROLECALL_NEIGHBOURS_SECONDS"] ?? 60);
const part = process.env["ROLECALL_NEIGHBOURS"] ?? "";
const attackingConnections = 32;
/** The neighbour's requests a second, over as many connections as an SDK's pool has when it is not busy. */
const neighbourRate = 25;
const neighbourConnections = 4;
/** Milliseconds. */
const latencyGoal = 250;
/** MiB. */
const memoryGoal = 512;
const mebibyte = 1024 * 1024;

export async function runNeighbours(): Promise<Row[]> {
  const postgres = process.env["ROLECALL_NEIGHBOURS_STORE"] === "postgresql" ? await startPostgres() : null;
  const rows: Row[] = [];
  try {
    for (const [index, attack] of attacks.filter(({ name }) => name.includes(part)).entries()) {
      const world = await makeWorld(0, await postgres?.createDatabase(`neighbours_${index}`));
      try {
        const more = await withstand(attack, world);
        // It takes long: what is known is told, whatever becomes of the rest.
        console.error(more.map(({ metric, value }) => `${metric}: ${value}`).join("; "));
        rows.push(...more);
      } finally {
        world.remove();
      }
    }
  } finally {
    await postgres?.stop();
  }
  return rows;
}

async function withstand(attack: Attack, world: World): Promise<Row[]> {
  const server = await Measured.server(world.place);
  const scene = await makeScene(server.port, world.account, world.administrator);
  const attacker = await startAttacker({ scene, attack: attack.name, connections: attackingConnections });
  const before = await server.usage();
  attacker.begin();
  const watched = watchMemory(server);
  const met = await neighbour(scene);
  const tally = await attacker.stop();
  const resident = await watched.most();
  const after = await server.usage();
  await server.close();
  const records = await recordsIn(world.place.directory);
  const answered = tally.answered + met.latencies.length + met.failed;
  const bench = `neighbours: ${attack.name}`;
  return [
    below(bench, "GetCallerIdentity of another, p99", percentile(met.latencies, 0.99), "ms", latencyGoal),
    stated(bench, "slowest", met.latencies.at(-1)!, "ms"),
    below(bench, "its answers other than 200", met.failed, "answers", 1),
    below(bench, "resident memory, most", resident / mebibyte, "MiB", memoryGoal),
    below(
      bench,
      "answers that are neither in the trail nor counted there",
      Math.max(0, answered - records),
      "answers",
      1,
    ),
    stated(bench, `attacker: ${shown(tally)}`, tally.answered / seconds, "answers/s"),
    stated(bench, "processor time of the server", (after.cpu - before.cpu) / 1e6 / seconds, "cores"),
  ];
}

function shown({ classes, closed }: Tally): string {
  const kinds = Object.entries(classes).map(([kind, count]) => `${count} × ${kind}xx`);
  return [...kinds, ...(closed > 0 ? [`${closed} closed`] : [])].join(", ");
}

interface Attacker {
  begin(): void;
  stop(): Promise<Tally>;
}

async function startAttacker(order: Order): Promise<Attacker> {
  const child = fork(fileURLToPath(new URL("./attacker.js", import.meta.url)), [JSON.stringify(order)], {
    execArgv: [],
  });
  const told = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`the attacker ended with ${code}`)));
    });
  await told();
  return {
    begin: () => void child.send("begin"),
    async stop() {
      const tally = told();
      child.send("stop");
      return (await tally) as Tally;
    },
  };
}

interface Met {
  /** Milliseconds from when each request was due to its answer, ascending. */
  readonly latencies: Float64Array;
  readonly failed: number;
}

/** Asks at a steady rate for as long as the attack lasts: a request that is held up holds up none that is due later. */
async function neighbour(scene: Scene): Promise<Met> {
  const free = await Connection.openAll(scene.port, neighbourConnections);
  const all = [...free];
  const waiting: ((connection: Connection) => void)[] = [];
  const count = seconds * neighbourRate;
  const latencies: number[] = [];
  let failed = 0;
  const start = performance.now();
  const one = async (index: number): Promise<void> => {
    const due = start + (index * 1000) / neighbourRate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const call = finished(queryCall("sts", scene.neighbour, { Action: "GetCallerIdentity" }), scene.port, index);
    // Whoever waited longest is next: a connection that nobody uses is closed.
    const connection = free.shift() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
    const good = await new Promise<boolean>((resolve) => connection.send(call, (failure) => resolve(failure === null)));
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
    if (good) latencies.push(performance.now() - due);
    else failed++;
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  for (const connection of all) connection.close();
  return { latencies: Float64Array.from(latencies).sort(), failed };
}

/** Looks at the process from outside, also while it has no time to say how it is. */
function watchMemory(server: Measured): { most(): Promise<number> } {
  let most = 0;
  const look = (): void => {
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024);
  };
  const timer = setInterval(look, 100);
  return {
    async most() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

/** Requests that have a record in the trail, or are counted in one. */
async function recordsIn(directory: string): Promise<number> {
  let count = 0;
  for (const entry of readdirSync(join(directory, "trail"), { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".jsonl")) continue;
    const file = createReadStream(join(directory, "trail", entry.name));
    for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
      if (line !== "") count += Number(/"counted":\{"count":(\d+)/.exec(line)?.[1] ?? 1);
    }
  }
  return count;
}

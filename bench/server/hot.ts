/** The hot operations against the floor, on one server with a hundred roles. */
import { below, atLeast, median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { eachOperation } from "./each-operation.ts";
import { closedLoop, openLoop } from "./load.ts";
import type { HotOperation } from "./operations.ts";
import { Measured } from "./process.ts";
import { against, alternate, round } from "./rounds.ts";
import type { Contestant } from "./rounds.ts";

export const connectionCount = 32;
export const warmMs = 3000;
const rounds = 9;
const roundMs = 1000;
const latencyRounds = 5;
const latencyMs = 2000;
/** Milliseconds. */
const p99Goal = 10;

/** @param only names of operations; all when empty */
export async function runHot(only: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  await eachOperation(only, async (operation, process, pool) => {
    const connections = await Connection.openAll(process.port, connectionCount);
    rows.push(...(await measure(operation, { process, pool, connections })));
    for (const connection of connections) connection.close();
  });
  return rows;
}

async function measure({ name, goal }: HotOperation, server: Contestant): Promise<Row[]> {
  const answer = await server.connections[0]!.ask(server.pool.first);
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${answer.body}`);
  const bare = await Measured.floor(answer);
  const floor = { process: bare, pool: server.pool, connections: await Connection.openAll(bare.port, connectionCount) };
  try {
    await closedLoop(server.connections, server.pool, warmMs);
    await closedLoop(floor.connections, floor.pool, warmMs / 2);
    const [ours = [], floors = []] = await alternate([server, floor], rounds, roundMs);
    const { mine, bottom, throughput, cpu } = against(ours, floors);
    return [
      atLeast(name, "throughput", mine.rate, "requests/s", { floor: bottom.rate, ratio: throughput.ratio }, goal),
      stated(name, "throughput ratio, quartile distance", throughput.spread, ""),
      stated(name, "CPU time", mine.cpu, "µs/request", { floor: bottom.cpu, ratio: cpu.ratio }),
      stated(name, "CPU time ratio, quartile distance", cpu.spread, ""),
      stated(name, "share of a core", mine.busy, "cores", { floor: bottom.busy, ratio: mine.busy / bottom.busy }),
      stated(name, "request size", server.pool.first.length, "bytes"),
      ...(await latency(name, server)),
    ];
  } finally {
    for (const connection of floor.connections) connection.close();
    await bare.close();
  }
}

/**
 * At half of the throughput of that very moment: it is measured again before each round, or a machine that became busier
 * would be asked for more than it can give and show its queue instead of the server's latency.
 */
async function latency(name: string, server: Contestant): Promise<Row[]> {
  const found = [];
  for (let turn = 0; turn < latencyRounds; turn++) {
    const { rate } = await round(server, roundMs);
    found.push(await openLoop(server.connections, server.pool, rate / 2, latencyMs));
  }
  return [
    stated(name, "p50 at half load", median(found.map(({ p50 }) => p50)), "ms"),
    below(name, "p99 at half load", median(found.map(({ p99 }) => p99)), "ms", p99Goal),
    stated(name, "p99 at half load, best round", Math.min(...found.map(({ p99 }) => p99)), "ms"),
  ];
}

/** The same requests with 100, 10,000 and 100,000 roles, in alternating rounds of three servers. */
import { atLeast, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { connectionCount, warmMs } from "./hot.ts";
import { closedLoop } from "./load.ts";
import { callersOf, hotOperations, poolOf } from "./operations.ts";
import type { Callers, HotOperation } from "./operations.ts";
import { Measured } from "./process.ts";
import { alternate, pairedRatio, summary } from "./rounds.ts";
import { makeWorld } from "./seed.ts";
import type { World } from "./seed.ts";

const sizes = [100, 10_000, 100_000];
const operations = ["GetCallerIdentity", "GetRole", "AssumeRole"];
const rounds = 7;
const roundMs = 1000;
/** Within ten percent of the smallest. */
const goal = 0.9;

interface Grown {
  readonly world: World;
  readonly process: Measured;
  readonly callers: Callers;
}

export async function runGrowth(): Promise<Row[]> {
  const servers: Grown[] = [];
  try {
    for (const size of sizes) {
      const world = await makeWorld(size);
      const process = await Measured.server(world.place);
      servers.push({ world, process, callers: await callersOf(world, process.port) });
    }
    const rows: Row[] = [];
    for (const operation of hotOperations) {
      if (operations.includes(operation.name)) rows.push(...(await compare(operation, servers)));
    }
    return rows;
  } finally {
    for (const { world, process } of servers) {
      await process.close();
      world.remove();
    }
  }
}

async function compare(operation: HotOperation, servers: readonly Grown[]): Promise<Row[]> {
  const contestants = [];
  for (const { world, process, callers } of servers) {
    const connections = await Connection.openAll(process.port, connectionCount);
    contestants.push({ process, connections, pool: poolOf(operation, callers, world, process.port) });
  }
  for (const { connections, pool } of contestants) await closedLoop(connections, pool, warmMs);
  const results = await alternate(contestants, rounds, roundMs);
  for (const { connections } of contestants) for (const connection of connections) connection.close();
  const [smallest = [], ...larger] = results;
  const least = summary(smallest);
  return larger.flatMap((own, index) => {
    const metric = `${operation.name} with ${sizes[index + 1]!.toLocaleString("en-US")} roles`;
    const { rate, cpu } = summary(own);
    const { ratio } = pairedRatio(own, smallest, (round) => round.rate);
    const cpuRatio = pairedRatio(smallest, own, (round) => round.cpu).ratio;
    return [
      atLeast("growth", metric, rate, "requests/s", { floor: least.rate, ratio }, goal),
      stated("growth", `${metric}: CPU time`, cpu, "µs/request", { floor: least.cpu, ratio: cpuRatio }),
    ];
  });
}

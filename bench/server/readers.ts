/**
 * AssumeRole's processor time with each reader of HTTP (`--http-reader`), the same build and load: what the plain lane
 * saves. It stays as long as it is worth its code (docs/ARCHITECTURE.md).
 */
import { atLeast, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { connectionCount, warmMs } from "./hot.ts";
import { closedLoop } from "./load.ts";
import { callersOf, hotOperations, poolOf } from "./operations.ts";
import { Measured } from "./process.ts";
import { against, alternate } from "./rounds.ts";
import type { Contestant } from "./rounds.ts";
import { makeWorld } from "./seed.ts";
import type { World } from "./seed.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const operation = hotOperations.find(({ name }) => name === "AssumeRole")!;
const rounds = 9;
const roundMs = 1000;
/** Least of node:http's processor time over the lane's: a saving of 15 %. */
const goal = 1 / 0.85;

export async function runReaders(): Promise<Row[]> {
  const worlds: World[] = [];
  const contestants: Mutable<Contestant>[] = [];
  try {
    for (const httpReader of ["lane", "node"] as const) {
      const world = await makeWorld(100);
      worlds.push(world);
      const process = await Measured.server({ ...world.place, httpReader });
      const pool = poolOf(operation, await callersOf(world, process.port), world, process.port);
      contestants.push({ process, pool, connections: [] });
    }
    // Once all are there: a connection that says nothing for long is ended.
    for (const contestant of contestants) {
      contestant.connections = await Connection.openAll(contestant.process.port, connectionCount);
    }
    for (const { connections, pool } of contestants) await closedLoop(connections, pool, warmMs);
    const [lane = [], node = []] = await alternate(contestants, rounds, roundMs);
    const { mine, bottom, cpu } = against(lane, node);
    const compared = { floor: bottom.cpu, ratio: cpu.ratio };
    return [
      atLeast("readers", "AssumeRole, CPU time, lane against node", mine.cpu, "µs/request", compared, goal),
      stated("readers", "CPU time ratio, quartile distance", cpu.spread, ""),
    ];
  } finally {
    for (const { process, connections } of contestants) {
      for (const connection of connections) connection.close();
      await process.close();
    }
    for (const world of worlds) world.remove();
  }
}

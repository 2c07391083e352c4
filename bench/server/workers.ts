/**
 * Workers: the same requests to one process, to one worker and to two. The load generator has a process of its own, so on
 * two cores it takes one: there, two workers share what one has alone, and their throughput says little. What an added
 * core would give where one is free is told by processor time, at a rate at which all have room: each worker gets as many
 * requests as the one process does, a quarter of what that could take. As long as workers do not wait for each other, a
 * worker's throughput is what its core has to give, divided by the time of a request.
 */
import { availableParallelism } from "node:os";
import { atLeast, median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { connectionCount, warmMs } from "./hot.ts";
import { closedLoop, Pool } from "./load.ts";
import { callersOf, hotOperations, poolOf } from "./operations.ts";
import { Measured } from "./process.ts";
import { finished, queryCall } from "./requests.ts";
import { alternate, inTurn, pacedRound, pairedRatio, summary } from "./rounds.ts";
import type { Contestant } from "./rounds.ts";
import { makeWorld, trustPolicy } from "./seed.ts";
import type { World } from "./seed.ts";

const operations = ["GetCallerIdentity", "GetRole", "AssumeRole"];
const rounds = 5;
/** Long, because /proc counts processor time in hundredths of a second. */
const roundMs = 2000;
const writers = 32;
const writeRounds = 3;
const writePool = 60_000;

const kinds = [
  { name: "one process", processes: 1, start: (world: World) => Measured.server(world.place) },
  { name: "1 worker", processes: 1, start: (world: World) => Measured.workers(world.place, 1) },
  { name: "2 workers", processes: 2, start: (world: World) => Measured.workers(world.place, 2) },
] as const;
/** Of what one process can take. */
const pacedShare = 0.25;
const goal = 0.85;

export async function runWorkers(): Promise<Row[]> {
  const servers: { readonly world: World; readonly process: Measured }[] = [];
  try {
    for (const { start } of kinds) {
      const world = await makeWorld(100);
      servers.push({ world, process: await start(world) });
    }
    const rows: Row[] = [
      stated("workers", "cores of this machine, load generator included", availableParallelism(), ""),
    ];
    for (const operation of hotOperations) {
      if (!operations.includes(operation.name)) continue;
      const contestants: Contestant[] = [];
      for (const { world, process } of servers) {
        const connections = await Connection.openAll(process.port, connectionCount);
        const pool = poolOf(operation, await callersOf(world, process.port), world, process.port);
        contestants.push({ process, connections, pool });
      }
      rows.push(...(await compare(operation.name, contestants)));
    }
    for (const [index, { world, process }] of servers.entries()) {
      rows.push(await creations(kinds[index]!.name, world, process));
    }
    return rows;
  } finally {
    for (const { world, process } of servers) {
      await process.close();
      world.remove();
    }
  }
}

async function compare(operation: string, contestants: readonly Contestant[]): Promise<Row[]> {
  for (const { connections, pool } of contestants) await closedLoop(connections, pool, warmMs);
  const results = await alternate(contestants, rounds, roundMs);
  const [alone = []] = results;
  const least = summary(alone);
  const paced = await compareAtRate(operation, contestants, Math.round(least.rate * pacedShare));
  for (const { connections } of contestants) for (const connection of connections) connection.close();
  const saturated = results.flatMap((own, index) => {
    const { rate, cpu, busy } = summary(own);
    const metric = `${operation}, ${kinds[index]!.name}`;
    const compared = (of: "rate" | "cpu") => {
      const ratio =
        of === "rate" ? pairedRatio(own, alone, (one) => one.rate) : pairedRatio(alone, own, (one) => one.cpu);
      return { floor: least[of], ratio: ratio.ratio };
    };
    return [
      stated("workers", metric, rate, "requests/s", compared("rate")),
      stated("workers", `${metric}: CPU time`, cpu, "µs/request", compared("cpu")),
      stated("workers", `${metric}: share of a core`, busy, "cores"),
    ];
  });
  return [...saturated, ...paced];
}

/** @param each requests a second for each process that serves */
async function compareAtRate(operation: string, contestants: readonly Contestant[], each: number): Promise<Row[]> {
  const results = await inTurn(contestants.length, rounds, (index) =>
    pacedRound(contestants[index]!, each * kinds[index]!.processes, roundMs),
  );
  const [alone = []] = results;
  const floor = summary(alone).cpu;
  return results.map((own, index) => {
    const { name, processes } = kinds[index]!;
    const metric = `${operation}, ${name}, ${each * processes}/s: CPU time`;
    const { ratio } = pairedRatio(alone, own, (one) => one.cpu);
    const { cpu } = summary(own);
    if (processes === 1) return stated("workers", metric, cpu, "µs/request", { floor, ratio });
    return atLeast("workers", metric, cpu, "µs/request", { floor, ratio }, goal);
  });
}

/** Durable changes, which take turns whatever serves them. */
async function creations(name: string, world: World, process: Measured): Promise<Row> {
  const connections = await Connection.openAll(process.port, writers);
  const requests = Array.from({ length: writePool }, (_, index) =>
    finished(
      queryCall("iam", world.administrator, {
        Action: "CreateRole",
        RoleName: `made-${index}`,
        AssumeRolePolicyDocument: trustPolicy(world.account),
      }),
      process.port,
      index,
    ),
  );
  const pool = new Pool(requests);
  const rates: number[] = [];
  for (let round = 0; round < writeRounds; round++) {
    const { requests: count, seconds } = await closedLoop(
      connections,
      pool,
      roundMs,
      writePool / writeRounds - writers,
    );
    rates.push(count / seconds);
  }
  for (const connection of connections) connection.close();
  return stated("workers", `CreateRole, ${writers} writers, ${name}`, median(rates), "requests/s");
}

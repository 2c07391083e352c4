/** Start to first answer, and memory, with 10,000 roles. */
import { below, median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { connectionCount } from "./hot.ts";
import { closedLoop } from "./load.ts";
import { callersOf, hotOperations, poolOf } from "./operations.ts";
import { Measured } from "./process.ts";
import { finished, queryCall } from "./requests.ts";
import { makeWorld } from "./seed.ts";
import type { World } from "./seed.ts";

const roles = 10_000;
const starts = 7;
const loadMs = 5000;
const mebibyte = 1024 * 1024;
/** Milliseconds. */
const startGoal = 1500;
/** Megabytes of 2^20 bytes. */
const memoryGoal = 200;

export async function runStart(): Promise<Row[]> {
  const world = await makeWorld(roles);
  try {
    const times: number[] = [];
    for (let turn = 0; turn < starts; turn++) times.push(await startToAnswer(world));
    return [
      below("start", "to first answer, 10,000 roles", median(times), "ms", startGoal),
      stated("start", "slowest of seven", Math.max(...times), "ms"),
      ...(await memory(world)),
    ];
  } finally {
    world.remove();
  }
}

/** From the start of the process to the answer of a signed request. */
async function startToAnswer(world: World): Promise<number> {
  const begin = performance.now();
  const server = await Measured.server(world.place);
  const connection = await Connection.open(server.port);
  const call = queryCall("sts", world.administrator, { Action: "GetCallerIdentity" });
  const answer = await connection.ask(finished(call, server.port, 0));
  const time = performance.now() - begin;
  if (answer.status !== 200) throw new Error(`the first answer was ${answer.status}: ${answer.body}`);
  connection.close();
  await server.close();
  return time;
}

/** Resident memory after the start, and the most that was seen under the load of every hot operation. */
async function memory(world: World): Promise<Row[]> {
  const server = await Measured.server(world.place);
  const idle = (await server.usage()).resident;
  const callers = await callersOf(world, server.port);
  let most = idle;
  for (const operation of hotOperations) {
    const connections = await Connection.openAll(server.port, connectionCount);
    const pool = poolOf(operation, callers, world, server.port);
    for (let part = 0; part < 5; part++) {
      await closedLoop(connections, pool, loadMs / 5);
      most = Math.max(most, (await server.usage()).resident);
    }
    for (const connection of connections) connection.close();
  }
  await server.close();
  return [
    stated("start", "resident memory, idle, 10,000 roles", idle / mebibyte, "MiB"),
    below("start", "resident memory, most under load, 10,000 roles", most / mebibyte, "MiB", memoryGoal),
  ];
}

/** Durable writes: CreateRole on both stores, each answer after its commit is on the disk. */
import { startPostgres } from "../../test/harness/postgres/server.ts";
import { stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { closedLoop, Pool } from "./load.ts";
import { Measured } from "./process.ts";
import { finished, queryCall } from "./requests.ts";
import { makeWorld, trustPolicy } from "./seed.ts";
import type { World } from "./seed.ts";

const writers = [1, 64] as const;
const warmRequests = 1000;
const roundMs = 4000;
/** More than a round can use: every request makes a role of its own. */
const poolSize = 40_000;

export async function runCreateRole(): Promise<Row[]> {
  const rows = await onStore("SQLite", await makeWorld(100));
  const postgres = await startPostgres();
  try {
    const url = await postgres.createDatabase("bench");
    rows.push(...(await onStore("PostgreSQL", await makeWorld(100, url))));
  } finally {
    await postgres.stop();
  }
  return rows;
}

async function onStore(store: string, world: World): Promise<Row[]> {
  const server = await Measured.server(world.place);
  try {
    await load(server, 16, poolOf(world, server.port, "warm", warmRequests), Infinity);
    const rows: Row[] = [];
    for (const count of writers) {
      const pool = poolOf(world, server.port, `with-${count}-`, poolSize);
      const before = await server.usage();
      const { requests, seconds } = await load(server, count, pool, roundMs);
      const after = await server.usage();
      const metric = `${store}, ${count} ${count === 1 ? "writer" : "writers"}`;
      rows.push(
        stated("CreateRole", metric, requests / seconds, "requests/s"),
        stated("CreateRole", `${metric}: CPU time`, (after.cpu - before.cpu) / requests, "µs/request"),
      );
    }
    return rows;
  } finally {
    await server.close();
    world.remove();
  }
}

async function load(server: Measured, count: number, pool: Pool, ms: number) {
  const connections = await Connection.openAll(server.port, count);
  const done = await closedLoop(connections, pool, ms, pool.size);
  for (const connection of connections) connection.close();
  return done;
}

function poolOf(world: World, port: number, prefix: string, size: number): Pool {
  const requests = Array.from({ length: size }, (_, index) => {
    const parameters = {
      Action: "CreateRole",
      RoleName: `${prefix}${index}`,
      AssumeRolePolicyDocument: trustPolicy(world.account),
      Description: "made by the bench",
    };
    return finished(queryCall("iam", world.administrator, parameters), port, index);
  });
  return new Pool(requests);
}

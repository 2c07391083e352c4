/** Durable writes: CreateRole on both stores, over one account and over many; each answer is on the disk first. */
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
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
const spreads = [1, 64] as const;
const warmRequests = 1000;
const roundMs = 4000;
/** More than a round can use: every request makes a role of its own. */
const poolSize = 40_000;

interface Writer {
  readonly account: string;
  readonly keys: SigningCredentials;
}

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
    const all = await administrators(server.port, world, Math.max(...spreads));
    await load(server, 16, poolOf(all, server.port, "warm", warmRequests), Infinity);
    const rows: Row[] = [];
    for (const spread of spreads) {
      for (const count of writers) rows.push(...(await round(server, count, all.slice(0, spread), store)));
    }
    return rows;
  } finally {
    await server.close();
    world.remove();
  }
}

async function round(server: Measured, count: number, among: readonly Writer[], store: string): Promise<Row[]> {
  const pool = poolOf(among, server.port, `with-${count}-over-${among.length}-`, poolSize);
  const before = await server.usage();
  const { requests, seconds } = await load(server, count, pool, roundMs);
  const after = await server.usage();
  const metric = `${store}, ${counted(count, "writer")}, ${counted(among.length, "account")}`;
  return [
    stated("CreateRole", metric, requests / seconds, "requests/s"),
    stated("CreateRole", `${metric}: CPU time`, (after.cpu - before.cpu) / requests, "µs/request"),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The operator's administrator and those of further accounts, `count` together. */
async function administrators(port: number, world: World, count: number): Promise<Writer[]> {
  const all: Writer[] = [{ account: world.account, keys: world.administrator }];
  const connection = await Connection.open(port);
  for (let index = 1; index < count; index++) {
    const call = {
      service: "rolecall",
      credentials: world.administrator,
      contentType: "application/x-amz-json-1.1",
      target: "Rolecall.CreateAccount",
      body: "{}",
    };
    const { Account, Administrator } = JSON.parse((await connection.ask(finished(call, port, index))).body) as {
      readonly Account: { readonly AccountId: string };
      readonly Administrator: { readonly AccessKeyId: string; readonly SecretAccessKey: string };
    };
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = Administrator;
    all.push({ account: Account.AccountId, keys: { accessKeyId, secretAccessKey } });
  }
  connection.close();
  return all;
}

async function load(server: Measured, count: number, pool: Pool, ms: number) {
  const connections = await Connection.openAll(server.port, count);
  const done = await closedLoop(connections, pool, ms, pool.size);
  for (const connection of connections) connection.close();
  return done;
}

/** The writers take turns. */
function poolOf(among: readonly Writer[], port: number, prefix: string, size: number): Pool {
  const requests = Array.from({ length: size }, (_, index) => {
    const { account, keys } = among[index % among.length]!;
    const parameters = {
      Action: "CreateRole",
      RoleName: `${prefix}${index}`,
      AssumeRolePolicyDocument: trustPolicy(account),
      Description: "made by the bench",
    };
    return finished(queryCall("iam", keys, parameters), port, index);
  });
  return new Pool(requests);
}

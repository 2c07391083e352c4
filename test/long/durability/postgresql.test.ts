/**
 * A PostgreSQL server that loses its connections and goes away under load: meanwhile proper faults, then all is well
 * again without a hand, and nothing that was acknowledged is lost.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import { Contention, Unavailable } from "../../../src/store/sql/errors.ts";
import { caller } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { faultOf, form, jsonFaultOf, send } from "../../harness/http.ts";
import { dataDirectory } from "../../harness/places.ts";
import { startTestServer } from "../../harness/server.ts";
import { startPostgres } from "../../harness/postgres/server.ts";
import type { PostgresServer } from "../../harness/postgres/server.ts";
import { Random } from "../../harness/random.ts";
import { Ledger, startLoad } from "./load.ts";
import { seed } from "../../harness/seed.ts";
import { accountId, groupNames, policyText, sharedPolicy } from "./subject.ts";
import { judge } from "./verdict.ts";

const temporary = "ServiceUnavailable 503: The request has failed due to a temporary failure of the server.";
/** Until then the server must be well again once PostgreSQL is, without a hand, on a busy machine too (milliseconds). */
const recovery = 30_000;

const directory = dataDirectory();
const random = new Random(seed);
const ledger = new Ledger();
const told: unknown[] = [];
let postgres: PostgresServer;
let server: RunningServer;
let administrator: Caller;

beforeAll(async () => {
  postgres = await startPostgres();
  server = await startTestServer({
    database: { postgresql: await postgres.createDatabase("rolecall") },
    dataDirectory: directory,
    masterKey: masterKey(randomBytes(32), "the test"),
    first: { id: accountId },
    onError: (error) => told.push(error),
  });
  administrator = caller(server.url, server.created[0]!);
  for (const GroupName of groupNames) await administrator.iam.createGroup({ GroupName });
  await administrator.iam.createPolicy({ PolicyName: sharedPolicy, PolicyDocument: policyText(0) });
});
afterAll(async () => {
  await server?.close(0);
  await postgres?.stop();
});

function load(prefix: string) {
  const options = { url: server.url, administrator: administrator.keys, ledger, random, lanes: 6, mortal: false };
  return startLoad({ ...options, prefix });
}

async function acknowledgedAfter(moment: number): Promise<void> {
  const late = Date.now() + recovery;
  while (ledger.lastAcknowledged <= moment) {
    if (Date.now() > late) throw new Error(`nothing was acknowledged within ${recovery} ms (seed ${seed})`);
    await sleep(10);
  }
}

/** Ends every connection of rolecall, whatever it is in the middle of. @returns how many there were */
async function cutConnections(): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rolecall'";
    return (await client.query(cut)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test("connections are cut again and again under load", async () => {
  const running = load("r1");
  let cut = 0;
  for (let round = 0; round < 8; round++) {
    await sleep(random.below(300));
    cut += await cutConnections();
    await acknowledgedAfter(Date.now());
  }
  await running.stop();
  expect(cut).toBeGreaterThan(8);
  expect(await judge(server, administrator.keys, ledger)).toEqual([]);
});

test("the server is restarted in the middle of the load", async () => {
  const running = load("r2");
  for (let round = 0; round < 2; round++) {
    await acknowledgedAfter(Date.now());
    await sleep(random.below(200));
    await postgres.restart();
    await acknowledgedAfter(Date.now());
  }
  await running.stop();
  expect(await judge(server, administrator.keys, ledger)).toEqual([]);
});

test("while it is away every service says so in its own shape, and soon; when it is back, all is well", async () => {
  const running = load("r3");
  await acknowledgedAfter(Date.now());
  const { keys } = administrator;
  await postgres.away(async () => {
    const answers = {
      iam: await send(server.url, form(server.url, { Action: "ListUsers" }, keys, { service: "iam" })),
      sts: await send(server.url, form(server.url, { Action: "GetCallerIdentity" }, keys)),
      json: await administrator.rolecall("ListAccounts"),
      health: await fetch(`${server.url}/health`),
      ready: await fetch(`${server.url}/ready`),
    };
    expect(faultOf(answers.iam)).toBe(temporary);
    expect(answers.iam.headers["retry-after"]).toBe("1");
    expect(faultOf(answers.sts)).toBe(temporary);
    expect(jsonFaultOf(answers.json)).toBe(temporary);
    expect([answers.health.status, answers.ready.status]).toEqual([200, 503]);
  });
  await acknowledgedAfter(Date.now());
  await running.stop();
  expect(await judge(server, administrator.keys, ledger)).toEqual([]);
  const ready = async () => (await fetch(`${server.url}/ready`)).status;
  for (const late = Date.now() + recovery; (await ready()) !== 200;) {
    if (Date.now() > late) throw new Error("it does not say that it is ready again");
    await sleep(100);
  }
});

test("writers saw nothing else, and nobody was told of a defect", () => {
  expect(ledger.unavailable.length).toBeGreaterThan(0);
  for (const answer of ledger.unavailable) {
    expect(faultOf(answer)).toBe(temporary);
    expect(answer.headers["retry-after"]).toBe("1");
  }
  expect(told.filter((error) => !(error instanceof Unavailable) && !(error instanceof Contention))).toEqual([]);
  console.log(
    `${ledger.acknowledged.size} changes acknowledged, ${ledger.unavailable.length} answered 503, ` +
      `slowest answer ${ledger.slowest} ms, seed ${seed}`,
  );
  // Nobody waited for an answer as long as for a server that is gone.
  expect(ledger.slowest).toBeLessThan(recovery);
});

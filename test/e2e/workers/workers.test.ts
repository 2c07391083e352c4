/** `serve --workers 2` as a person starts it: what a change at one worker means at the other, deaths, ends. */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Profile } from "../../../src/launch/profile.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { until } from "../../harness/until.ts";
import { outboxCount } from "../../harness/outbox-count.ts";
import type { Program } from "../../harness/program.ts";
import { compileProgram } from "../../harness/program.ts";
import { postHead, RawClient } from "../../harness/socket.ts";
import { createDatabase } from "../../harness/postgres/server.ts";
import { Connection } from "./client.ts";

let program: Program;
let directory: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  program = compileProgram("test/e2e/workers/serve.ts");
  directory = mkdtempSync(join(tmpdir(), "rolecall-workers-"));
});
afterAll(async () => {
  // Those that a failed test has left.
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "close");
  }
  program.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** A server with two workers. */
async function serve(data: string, more: readonly string[] = []) {
  const words = ["serve", "--workers", "2", "--port", "0", "--data-dir", data, "--metrics-port", "0"];
  const child = program.spawn([...words, "--log-level", "silent", ...more]);
  started.push(child);
  let out = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (out += text));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }) as { code: number; signal: string });
  await until(() => out.includes("get-caller-identity") || child.exitCode !== null);
  const url = /serves on (\S+)/.exec(out)?.[1];
  const metrics = /metrics +(\S+)/.exec(out)?.[1];
  return { child, ended, url: url!, metrics: metrics! };
}

function administratorOf(data: string): SigningCredentials {
  const { accessKeyId, secretAccessKey } = new Profile(data).entry(undefined)!;
  return { accessKeyId, secretAccessKey };
}

/** Ids of the worker processes. */
function workersOf(owner: number): number[] {
  return readFileSync(`/proc/${owner}/task/${owner}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** Also one that has ended and that nobody has asked about yet (a zombie). */
function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.startsWith("Z");
  } catch {
    return true;
  }
}

/** Of a process so far, in hundredths of a second: proc_pid_stat(5), fields 14 and 15. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

async function sample(url: string, series: string): Promise<number> {
  const text = await (await fetch(url)).text();
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length));
}

/** All records on disk. */
function recordsIn(data: string): { eventID: string; eventName: string; errorCode?: string }[] {
  const trail = join(data, "trail");
  return readdirSync(trail)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(trail, name), "utf8").trim().split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { eventID: string; eventName: string });
}

describe("two workers on SQLite", () => {
  let data: string;
  let server: Awaited<ReturnType<typeof serve>>;
  let administrator: SigningCredentials;
  let connections: Connection[];
  beforeAll(async () => {
    data = join(directory, "shared");
    server = await serve(data);
    administrator = administratorOf(data);
    connections = await twoWithEach();
  });
  afterAll(async () => {
    for (const connection of connections) connection.close();
    server.child.kill("SIGTERM");
    await server.ended;
  });
  const who = { Action: "GetCallerIdentity" };

  /** Whichever worker is free gets a connection: as many are opened as it takes until each has two of them. */
  async function twoWithEach(): Promise<Connection[]> {
    const kept = new Map<number, Connection[]>([1, 2].map((worker) => [worker, []]));
    for (let opened = 0; opened < 200; opened++) {
      const before = await answered(1);
      const connection = new Connection(server.url);
      await connection.query("sts", administrator, who);
      const its = kept.get((await answered(1)) > before ? 1 : 2)!;
      if (its.length === 2) connection.close();
      else its.push(connection);
      if ([...kept.values()].every(({ length }) => length === 2)) return [...kept.values()].flat();
    }
    throw new Error("one of the workers takes no connections");
  }

  async function answered(worker: number): Promise<number> {
    const series = `rolecall_requests_total{service="sts",operation="GetCallerIdentity",outcome="success",worker="${worker}"}`;
    const count = await sample(server.metrics, series);
    return Number.isNaN(count) ? 0 : count;
  }

  it("share the connections", async () => {
    for (const connection of connections) await connection.query("sts", administrator, who);
    for (const worker of [1, 2]) expect(await answered(worker)).toBeGreaterThanOrEqual(4);
  });

  it("share a client's pool, which opens all its connections at once", async () => {
    const gauge = (worker: number) => sample(server.metrics, `rolecall_connections{worker="${worker}"}`);
    const open = async () => [await gauge(1), await gauge(2)] as const;
    const share = async (): Promise<number> => {
      const before = await open();
      const pool = await Promise.all(Array.from({ length: 60 }, () => RawClient.open(server.url)));
      await until(async () => (await gauge(1)) + (await gauge(2)) === before[0] + before[1] + 60);
      const [first, second] = await open();
      for (const { socket } of pool) socket.destroy();
      await until(async () => (await gauge(1)) + (await gauge(2)) === before[0] + before[1]);
      return Math.min(first - before[0], second - before[1]);
    };
    // Each gets a connection when it has taken the last: about half, but for one that has to wait for a processor.
    const shares = [await share(), await share(), await share()];
    expect(Math.max(...shares), shares.join()).toBeGreaterThan(15);
  });

  it("decide no request by what was before a change that another has acknowledged", async () => {
    const admin = connections[0]!;
    const made = await admin.query("iam", administrator, { Action: "CreateUser", UserName: "subject" });
    expect(made.status).toBe(200);
    const key = (await admin.query("iam", administrator, { Action: "CreateAccessKey", UserName: "subject" })).body;
    const element = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(key)![1]!;
    const subject = { accessKeyId: element("AccessKeyId"), secretAccessKey: element("SecretAccessKey") };
    const permission = (allowed: boolean) =>
      allowed
        ? {
            Action: "PutUserPolicy",
            UserName: "subject",
            PolicyName: "p",
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: { Effect: "Allow", Action: "iam:ListRoles", Resource: "*" },
            }),
          }
        : { Action: "DeleteUserPolicy", UserName: "subject", PolicyName: "p" };
    const activity = (active: boolean) => ({
      Action: "UpdateAccessKey",
      UserName: "subject",
      AccessKeyId: subject.accessKeyId,
      Status: active ? "Active" : "Inactive",
    });
    let [allowed, active] = [false, true];
    const stale: string[] = [];
    for (let turn = 0; turn < 120; turn++) {
      const changer = connections[turn % connections.length]!;
      // Every third change is of the key, the others of the policy.
      const change = turn % 3 === 2 ? activity((active = !active)) : permission((allowed = !allowed));
      const { status, body } = await changer.query("iam", administrator, change);
      expect(body, change.Action).toContain("Response");
      expect(status).toBe(200);
      const expected = !active ? "InvalidClientTokenId" : allowed ? "ListRolesResult" : "AccessDenied";
      const asked = connections.map((connection) => connection.query("iam", subject, { Action: "ListRoles" }));
      for (const [index, answer] of (await Promise.all(asked)).entries()) {
        if (!answer.body.includes(expected)) stale.push(`turn ${turn}, connection ${index}: not ${expected}`);
      }
    }
    expect(stale).toEqual([]);
  });

  it("make one of what several make at once, and lose nothing", async () => {
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    });
    const create = (connection: Connection, RoleName: string) =>
      connection.query("iam", administrator, { Action: "CreateRole", RoleName, AssumeRolePolicyDocument: trust });
    for (let round = 0; round < 10; round++) {
      const names = [`Same${round}`, `same${round}`, `SAME${round}`, `sAME${round}`];
      const answers = await Promise.all(connections.map((connection, index) => create(connection, names[index]!)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 409, 409, 409]);
      const own = connections.map((connection, index) => create(connection, `own-${round}-${index}`));
      for (const { status } of await Promise.all(own)) expect(status).toBe(200);
    }
    const { body } = await connections[1]!.query("iam", administrator, { Action: "ListRoles", MaxItems: "1000" });
    expect(body.match(/<RoleName>/g)).toHaveLength(10 + 40);
  });

  it("show each what any of them has recorded, newest first", async () => {
    for (let round = 0; round < 5; round++) {
      for (const [index, connection] of connections.entries()) {
        const RoleName = `absent-${round}-${index}`;
        expect((await connection.query("iam", administrator, { Action: "GetRole", RoleName })).status).toBe(404);
      }
      const reader = connections[round % connections.length]!;
      const answer = await reader.json(administrator, "LookupEvents", { EventName: "GetRole" });
      const { Events } = JSON.parse(answer.body) as { Events: string[] };
      const found = Events.map(
        (text) => JSON.parse(text) as { eventTime: string; requestParameters: { roleName: string } },
      );
      const wanted = connections.map((_, index) => `absent-${round}-${index}`);
      expect(found.map(({ requestParameters }) => requestParameters.roleName)).toEqual(expect.arrayContaining(wanted));
      const times = found.map(({ eventTime }) => eventTime);
      expect(times).toEqual(times.toSorted().reverse());
    }
  });

  it("explain a denial that another of them has recorded", async () => {
    const denied = await connections[2]!.json(administrator, "LookupEvents", { ErrorCode: "AccessDenied" });
    const [text] = (JSON.parse(denied.body) as { Events: string[] }).Events;
    const { eventID } = JSON.parse(text!) as { eventID: string };
    for (const connection of connections) {
      const { status, body } = await connection.json(administrator, "ExplainRequest", { EventId: eventID });
      expect({ status, body }).toMatchObject({ status: 200, body: expect.stringContaining(eventID) as string });
    }
  });

  it("seal with a new key only once all have it", async () => {
    const rotated = await connections[0]!.json(administrator, "RotateKeys", { Ring: "tokens" });
    expect(rotated.status).toBe(200);
    for (let round = 0; round < 6; round++) {
      const token = (await connections[round % 4]!.query("sts", administrator, { Action: "GetSessionToken" })).body;
      const element = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(token)![1]!;
      const session = {
        accessKeyId: element("AccessKeyId"),
        secretAccessKey: element("SecretAccessKey"),
        sessionToken: element("SessionToken"),
      };
      for (const connection of connections) expect((await connection.query("sts", session, who)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  it("are replaced when they die, with every change acknowledged before in its place", async () => {
    const [victim] = workersOf(server.child.pid!);
    const made: string[] = [];
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      let connection = new Connection(server.url);
      for (let index = 0; index < 30; index++) {
        const UserName = `written-${writer}-${index}`;
        try {
          const { status } = await connection.query("iam", administrator, { Action: "CreateUser", UserName });
          if (status === 200) made.push(UserName);
        } catch {
          // Its worker was killed: what it was about to answer is unknown.
          connection.close();
          connection = new Connection(server.url);
        }
        if (writer === 0 && index === 10) process.kill(victim!, "SIGKILL");
      }
      connection.close();
    });
    await Promise.all(writing);
    await until(() => workersOf(server.child.pid!).length === 2 && !workersOf(server.child.pid!).includes(victim!));
    await until(async () => (await sample(server.metrics, 'rolecall_worker_serving{worker="1"}')) === 1);
    await until(async () => (await sample(server.metrics, 'rolecall_worker_serving{worker="2"}')) === 1);
    for (let index = 0; index < 4; index++) {
      const connection = new Connection(server.url);
      const { body } = await connection.query("iam", administrator, { Action: "ListUsers", MaxItems: "1000" });
      expect(made.filter((name) => !body.includes(`<UserName>${name}</UserName>`))).toEqual([]);
      connection.close();
    }
    expect(made.length).toBeGreaterThan(60);
  });

  it("leave no connection hanging that one of them had not taken when it died", async () => {
    const [victim] = workersOf(server.child.pid!);
    const replaced = async (): Promise<boolean> => !workersOf(server.child.pid!).includes(victim!);
    process.kill(victim!, "SIGSTOP");
    const asked = Array.from({ length: 12 }, async () => {
      const connection = new Connection(server.url);
      // An answer by the other, or an error: anything but silence.
      const { status } = await connection.query("sts", administrator, who).catch(() => ({ status: "closed" }));
      connection.close();
      return status;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(victim!, "SIGKILL");
    for (const status of await Promise.all(asked)) expect(status).toBeOneOf([200, "closed"]);
    await until(replaced);
    for (const worker of [1, 2]) {
      const serving = `rolecall_worker_serving{worker="${worker}"}`;
      await until(async () => (await sample(server.metrics, serving)) === 1);
    }
  });

  it("end in order: the outbox is empty, and every change stands in the trail exactly once", async () => {
    for (const connection of connections) connection.close();
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
    const db = await openDatabase({ sqlite: join(data, "rolecall.db") });
    expect(await db.read((tx) => outboxCount(tx))).toBe(0);
    await db.close();
    const records = recordsIn(data);
    const ids = records.map(({ eventID }) => eventID);
    expect(new Set(ids).size).toBe(ids.length);
    const created = records.filter(({ eventName, errorCode }) => eventName === "CreateRole" && errorCode === undefined);
    expect(created).toHaveLength(50);
  });
});

it("two workers close connections beyond the limit of both, and rest", async () => {
  const server = await serve(join(directory, "limited"), ["--limits-max-connections", "3"]);
  const gauge = (worker: number) => sample(server.metrics, `rolecall_connections{worker="${worker}"}`);
  const open = async (): Promise<number> => (await gauge(1)) + (await gauge(2));
  const kept: RawClient[] = [];
  while ((await open()) < 6) kept.push(await RawClient.open(server.url));
  const further = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(server.url)));
  await Promise.all(further.map(({ closed }) => closed));
  // Nothing is passed from one to the other any more.
  const before = processorTime(server.child.pid!);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(processorTime(server.child.pid!) - before).toBeLessThan(20);
  expect(await open()).toBe(6);
  for (const { socket } of kept) socket.destroy();
  await until(async () => (await open()) === 0);
  const connection = new Connection(server.url);
  const credentials = administratorOf(join(directory, "limited"));
  expect((await connection.query("sts", credentials, { Action: "GetCallerIdentity" })).status).toBe(200);
  connection.close();
  server.child.kill("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0 });
});

describe("two workers on PostgreSQL", () => {
  it("see at once what the other has changed, and leave one trail", async () => {
    const data = join(directory, "postgresql");
    const database = await createDatabase(inject("postgresUrl"), `workers_${randomBytes(8).toString("hex")}`);
    const server = await serve(data, ["--database", database]);
    const administrator = administratorOf(data);
    const connections = [new Connection(server.url), new Connection(server.url)] as const;
    for (let round = 0; round < 20; round++) {
      const UserName = `user-${round}`;
      const [one, other] = round % 2 === 0 ? connections : ([connections[1], connections[0]] as const);
      expect((await one.query("iam", administrator, { Action: "CreateUser", UserName })).status).toBe(200);
      expect((await other.query("iam", administrator, { Action: "GetUser", UserName })).status).toBe(200);
      expect((await other.query("iam", administrator, { Action: "DeleteUser", UserName })).status).toBe(200);
      expect((await one.query("iam", administrator, { Action: "GetUser", UserName })).status).toBe(404);
    }
    const answer = await connections[0].json(administrator, "LookupEvents", { MaxResults: 1000 });
    expect((JSON.parse(answer.body) as { Events: string[] }).Events).toHaveLength(80);
    for (const connection of connections) connection.close();
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
  });
});

describe("the owner of workers", () => {
  it("takes its workers along when it is killed, and the next start needs no hand", async () => {
    const data = join(directory, "killed");
    const first = await serve(data);
    const administrator = administratorOf(data);
    const connection = new Connection(first.url);
    const made = await connection.query("iam", administrator, { Action: "CreateUser", UserName: "before" });
    expect(made.status).toBe(200);
    connection.close();
    const workers = workersOf(first.child.pid!);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await serve(data);
    await until(() => workers.every(isGone));
    const again = new Connection(second.url);
    const found = await again.query("iam", administrator, { Action: "GetUser", UserName: "before" });
    expect(found.status).toBe(200);
    await until(() => recordsIn(data).some(({ eventName }) => eventName === "CreateUser"));
    again.close();
    second.child.kill("SIGTERM");
    expect(await second.ended).toMatchObject({ code: 0 });
  });

  it("ends with 1 where the port or the data directory is taken", async () => {
    const data = join(directory, "taken");
    const first = await serve(data);
    const { port } = new URL(first.url);
    const onPort = await serve(join(directory, "other"), ["--port", port]);
    expect(await onPort.ended).toMatchObject({ code: 1 });
    const onData = await serve(data);
    expect(await onData.ended).toMatchObject({ code: 1 });
    first.child.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  it("ends at once at the second signal", async () => {
    const data = join(directory, "twice");
    const { child, ended, url, metrics } = await serve(data);
    // A request that never ends keeps its worker.
    const held = await RawClient.open(url);
    held.send(postHead(url, { "content-length": 100 }));
    const inFlight = (worker: number) => sample(metrics, `rolecall_requests_in_flight{worker="${worker}"}`);
    await until(async () => (await inFlight(1)) + (await inFlight(2)) === 1);
    const workers = workersOf(child.pid!);
    child.kill("SIGTERM");
    // Soon after the first it is the same signal that came twice: sent until it counts as the second.
    const again = setInterval(() => child.kill("SIGTERM"), 100);
    expect(await ended).toMatchObject({ code: 143 });
    clearInterval(again);
    await held.closed;
    await until(() => workers.every(isGone));
  });
});

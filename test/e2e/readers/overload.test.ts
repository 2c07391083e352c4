import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BoundedDatabase } from "../../../src/pipeline/bounded-database.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { faultOf, form, rolecall, send } from "../../harness/http.ts";
import { dataDirectory, starter } from "../../harness/places.ts";

const start = starter();

const ready = async (url: string) => {
  const { status, body } = await send(url, { method: "GET", target: "/ready" });
  return { code: status, ...(JSON.parse(body) as Record<string, string>) };
};

/** Takes the trail's directory away from a server that has started, and puts a file in its place. @returns its path */
function obstructed(directory: string): string {
  const path = join(directory, "trail");
  rmSync(path, { recursive: true });
  writeFileSync(path, "");
  return path;
}

describe("a store that does not keep up", () => {
  test("more than may wait are turned away at once, and told when to come back; then all is well again", async () => {
    const server = await start({ limits: { maxPending: 4 } });
    const { url } = server;
    const administrator = server.created[0]!;
    const ask = () => send(url, form(url, { Action: "GetCallerIdentity" }, administrator));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = [1, 2, 3, 4].map(() => server.environment().database.read(() => held));
    const refused = await ask();
    expect(faultOf(refused)).toMatch(/^ServiceUnavailable 503: /);
    expect(refused.headers["retry-after"]).toBe("1");
    const json = await rolecall(url, administrator, "ListAccounts");
    expect([json.status, json.body.__type]).toEqual([503, "ServiceUnavailable"]);
    release();
    await Promise.all(holding);
    expect((await ask()).status).toBe(200);
  });

  test("what fails or is refused leaves its place", async () => {
    const inner = await openDatabase({ sqlite: ":memory:" });
    const seen: [string, boolean][] = [];
    const observer = { transaction: (kind: string, _ms: number, error: unknown) => seen.push([kind, error === null]) };
    for (const database of [new BoundedDatabase(inner, 1, null), new BoundedDatabase(inner, 1, observer)]) {
      for (let index = 0; index < 3; index++) {
        await expect(database.read(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
        await expect(database.write(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
      }
      const first = database.read(async () => 1);
      await expect(database.read(async () => 2)).rejects.toThrow("too many transactions");
      expect(await first).toBe(1);
      expect([database.pending, database.turnedAway]).toEqual([0, 1]);
    }
    expect(seen).toHaveLength(7);
    await inner.close();
  });
});

describe("readiness", () => {
  test("says that all is well", async () => {
    const { url } = await start();
    expect(await ready(url)).toEqual({ code: 200, status: "ready", store: "ok", trail: "ok", rings: "ok" });
  });

  test("a store that is gone: not ready, and yet alive", async () => {
    const errors: unknown[] = [];
    const server = await start({ onError: (error) => errors.push(error) });
    await server.environment().database.close();
    expect(await ready(server.url)).toMatchObject({ code: 503, status: "not ready", store: "does not answer" });
    const answer = await send(server.url, form(server.url, { Action: "GetCallerIdentity" }, server.created[0]!));
    expect(faultOf(answer)).toMatch(/^ServiceUnavailable 503/);
    const health = await send(server.url, { method: "GET", target: "/health" });
    expect([health.status, health.body]).toEqual([200, '{"status":"ok"}']);
  });

  test("a trail that cannot be written: not ready, requests go on, and nothing is lost when it can again", async () => {
    const directory = dataDirectory();
    const errors: unknown[] = [];
    const server = await start({ dataDirectory: directory, onError: (error) => errors.push(error) });
    const obstacle = obstructed(directory);
    const { url } = server;
    const ask = () => send(url, form(url, { Action: "GetCallerIdentity" }, server.created[0]!));
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([200, 200]);
    await expect.poll(() => ready(url)).toMatchObject({ status: "not ready", trail: "cannot be written" });
    expect(errors.length).toBeGreaterThan(0);
    rmSync(obstacle);
    await expect.poll(() => ready(url)).toMatchObject({ status: "ready", trail: "ok" });
    const records: string[] = [];
    for await (const record of server.environment().trail.newestFirst()) records.push(record);
    const ids = records.map((record) => (JSON.parse(record) as { requestID: string }).requestID);
    for (const { headers } of [first, second]) {
      expect(ids.filter((id) => id === headers["x-amzn-requestid"])).toHaveLength(1);
    }
  });

  test("a trail whose queue is full: requests are refused before they do anything, until it can be written", async () => {
    const directory = dataDirectory();
    const server = await start({ dataDirectory: directory, onError: () => {} });
    const obstacle = obstructed(directory);
    const { url } = server;
    const administrator = server.created[0]!;
    const { trail } = server.environment();
    const record = {
      eventId: "e",
      account: "1",
      at: 0,
      text: "x".repeat(1_000_000),
      private: null,
      policies: new Map(),
    };
    for (let index = 0; index < 65; index++) trail.append([record], "somebody");
    const create = () =>
      send(url, form(url, { Action: "CreateUser", UserName: "ada" }, administrator, { service: "iam" }));
    expect(faultOf(await create())).toMatch(/^ServiceUnavailable 503/);
    expect(trail.state.queued).toBe(65);
    expect(await ready(url)).toMatchObject({ status: "not ready", trail: "full" });
    rmSync(obstacle);
    await expect.poll(async () => (await create()).status).toBe(200);
  });
});

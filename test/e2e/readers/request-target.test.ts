/** Targets that are no plain path, as a proxy would send them; each has one reading, whoever reads HTTP. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { form, signed } from "../../harness/http.ts";
import type { Sent } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { RawClient } from "../../harness/socket.ts";
import { accountA, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
const clients: RawClient[] = [];
let world: World;

beforeAll(async () => {
  world = await startWorld(start, {});
});
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});

async function say(text: string): Promise<RawClient> {
  const client = await RawClient.open(world.url);
  clients.push(client);
  client.send(text);
  await client.answers();
  return client;
}

/** A request as text; `host` is what its Host header says in the end. */
function written({ method = "POST", headers, body = "" }: Sent, target: string, host?: string): string {
  const lines = Object.entries({ ...headers, ...(host === undefined ? {} : { host }) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const length = String(body) === "" ? "" : `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n${length}\r\n${String(body)}`;
}

const who = { Action: "GetCallerIdentity" };

describe("a target that names its host", () => {
  const elsewhere = "http://sts.example:8443";

  test("is signed for that host, whatever Host says", async () => {
    const sent = form(elsewhere, who, world.a.keys);
    for (const target of [`${elsewhere}/`, elsewhere, "HTTPS://sts.example:8443/"]) {
      for (const host of ["sts.example:8443", "other.example", "127.0.0.1"]) {
        const client = await say(written(sent, target, host));
        expect(client.statuses, `${target} ${host}`).toEqual([200]);
        expect(client.heard).toContain(accountA);
      }
    }
  });

  test("and for no other", async () => {
    const sent = form(elsewhere, who, world.a.keys);
    for (const [target, host] of [
      ["/", "other.example"],
      ["http://other.example/", "sts.example:8443"],
      ["http://sts.example/", "sts.example:8443"],
    ] as const) {
      const client = await say(written(sent, target, host));
      expect(client.heard, target).toContain("<Code>SignatureDoesNotMatch</Code>");
    }
  });

  test("is read like a path by every way: by path, by X-Amz-Target, by Action, health", async () => {
    const sent = signed(
      elsewhere,
      { headers: { "x-amz-target": "Rolecall.GetServerInformation" }, body: "{}" },
      world.a.keys,
      { service: "rolecall" },
    );
    expect((await say(written(sent, `${elsewhere}/`, "x"))).statuses).toEqual([200]);
    const query = { method: "GET", target: "/?Action=GetCallerIdentity&Version=2011-06-15" };
    const get = signed(elsewhere, query, world.a.keys);
    expect((await say(written(get, `${elsewhere}${query.target}`, "x"))).statuses).toEqual([200]);
    expect((await say(written(get, `${elsewhere}${query.target.slice(1)}`, "x"))).statuses).toEqual([200]);
    const health = await say(`GET ${elsewhere}/health HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(health.heard).toContain(`{"status":"ok"}`);
  });
});

test.each([
  "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET /x#y HTTP/1.1\r\nHost: h\r\n\r\n",
  "GET http://h/ HTTP/1.1\r\n\r\n",
  "GET http://h/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
  "POST http://h\\x/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na",
  "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
])("%j is refused, and nothing behind it is read", async (text) => {
  const client = await say(`${text}GET /health HTTP/1.1\r\nHost: h\r\n\r\n`);
  await client.closed;
  expect(client.statuses).toEqual([400]);
});

test("a tunnel asked for while an answer is owed ends the connection", async () => {
  const change = form(world.url, { Action: "CreateUser", UserName: "late" }, world.a.keys, { service: "iam" });
  const client = await say(`${written(change, "/")}CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n`);
  await client.closed;
  expect([[], [200], [200, 400]]).toContainEqual([...client.statuses]);
});

test("OPTIONS of the server as a whole is a method like any other", async () => {
  expect((await say("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")).statuses).toEqual([405]);
});

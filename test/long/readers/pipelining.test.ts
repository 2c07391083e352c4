/**
 * Clients that do not wait for an answer before they send the next request. With both readers (vitest.config.ts), and the
 * long form in `npm run soak` (`ROLECALL_PIPELINED`: requests of each connection; `ROLECALL_AHEAD_MEGABYTES`: of one).
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { selfSigned } from "../../harness/certificate.ts";
import { form, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { postHead } from "../../harness/socket.ts";

const deep = Number(process.env["ROLECALL_PIPELINED"] ?? 1000);
const megabytes = Number(process.env["ROLECALL_AHEAD_MEGABYTES"] ?? 15);
/** Bytes ahead of one connection at most: what a socket reads before it stops, and what node:http makes of 2 KiB. */
const mostAhead = 131_072 + Math.ceil(2048 / 26) * 2048;
const start = starter();
const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

/** Requests of both readers: the lane leaves the second to node:http. */
const kinds = {
  plain: (index: number) => `GET /?n=${index} HTTP/1.1\r\nHost: x\r\n\r\n`,
  unusual: (index: number) => `GET /?n=${index} HTTP/1.1\r\nHost:x\r\n\r\n`,
};

/** Counts answers as they come, and keeps of each what tells which request it belongs to. */
class Pipeline {
  readonly socket: Socket;
  readonly ended: Promise<void>;
  /** Of each answer: its status, and the query that its `Location` repeats, where it does. */
  readonly answers: string[] = [];
  lastHead = "";
  #rest = "";

  constructor(socket: Socket) {
    this.socket = socket;
    open.push(socket);
    this.ended = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.setEncoding("latin1").on("data", (text: string) => this.#take(text));
  }

  static to(url: string): Pipeline {
    const { hostname, port } = new URL(url);
    return new Pipeline(connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
  }

  /** Waits for so many answers, or the end of the connection. */
  async heard(count: number): Promise<readonly string[]> {
    while (this.answers.length < count && !this.socket.destroyed) {
      await Promise.race([new Promise((resolve) => this.socket.once("data", resolve)), this.ended]);
    }
    return this.answers;
  }

  #take(text: string): void {
    this.#rest += text;
    let at = 0;
    for (;;) {
      const end = this.#rest.indexOf("\r\n\r\n", at);
      if (end < 0) break;
      const head = this.#rest.slice(at, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.#rest.length < end + 4 + length) break;
      const body = this.#rest.slice(end + 4, end + 4 + length);
      at = end + 4 + length;
      this.lastHead = head;
      this.answers.push(`${head.slice(9, 12)} ${/n=(\d+)/.exec(head)?.[1] ?? /<(\w+)Response /.exec(body)?.[1] ?? ""}`);
    }
    this.#rest = this.#rest.slice(at);
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `302 ${index}`);
const pipelined = (of: (index: number) => string, count: number): string =>
  Array.from({ length: count }, (_, index) => of(index)).join("");

describe.each(Object.entries(kinds))("%s requests", (_name, of) => {
  test(`${deep} each over 32 connections: all are answered, in their order`, async () => {
    const { url } = await start();
    const pipelines = Array.from({ length: 32 }, () => Pipeline.to(url));
    const text = pipelined(of, deep);
    for (const { socket } of pipelines) socket.write(text);
    const expected = numbered(deep);
    for (const pipeline of pipelines) expect(await pipeline.heard(deep)).toEqual(expected);
    // The connections are as good as before.
    for (const { socket } of pipelines) socket.write(of(7));
    for (const pipeline of pipelines) expect((await pipeline.heard(deep + 1)).at(-1)).toBe("302 7");
  });

  test("53 at once, and then the client closes its half: all are answered, and the last says that it is", async () => {
    const { url } = await start();
    const pipeline = Pipeline.to(url);
    pipeline.socket.end(pipelined(of, 53));
    await pipeline.ended;
    expect(pipeline.answers).toEqual(numbered(53));
    expect(pipeline.lastHead.toLowerCase()).toContain("connection: close");
  });

  test("the server closes in the middle: what has come is answered, and the last says that it is the last", async () => {
    const server = await start();
    const pipeline = Pipeline.to(server.url);
    pipeline.socket.write(pipelined(of, 300));
    await pipeline.heard(1);
    await server.close(30_000);
    await pipeline.ended;
    expect(pipeline.answers).toEqual(numbered(300));
    expect(pipeline.lastHead.toLowerCase()).toContain("connection: close");
  });
});

test(`${megabytes} megabytes ahead on one connection: the socket is paused, and what waits is bounded and counted`, async () => {
  const { url, metricsUrl } = await start({ metrics: { host: "127.0.0.1", port: 0 } });
  const pipeline = Pipeline.to(url);
  const padding = "x".repeat(12_000);
  const count = Math.ceil((megabytes * 1e6) / padding.length);
  const text = pipelined((index) => `GET /?n=${index} HTTP/1.1\r\nHost: x\r\nX-Padding: ${padding}\r\n\r\n`, count);
  pipeline.socket.write(text);
  let most = 0;
  while (pipeline.answers.length < count) {
    most = Math.max(most, await figure(metricsUrl!, "rolecall_http_ahead_bytes"));
    // A neighbour is answered meanwhile.
    expect((await send(url, { method: "GET", target: "/health" })).status).toBe(200);
    await pipeline.heard(Math.min(count, pipeline.answers.length + 200));
  }
  expect(pipeline.answers).toEqual(numbered(count));
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(mostAhead);
  expect(await figure(metricsUrl!, "rolecall_http_ahead_bytes")).toBe(0);
});

test("a client that takes no answers is not read any further, and hears them all when it does", async () => {
  const { url, metricsUrl } = await start({ metrics: { host: "127.0.0.1", port: 0 } });
  const pipeline = Pipeline.to(url);
  pipeline.socket.pause();
  // More than the buffers of the kernel take, in both directions.
  const count = 30_000;
  pipeline.socket.write(pipelined(kinds.plain, count));
  const served = () => figure(metricsUrl!, "rolecall_requests_total");
  let before = -1;
  for (let now = 0; now !== before; now = await served()) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(before).toBeLessThan(count);
  expect(await figure(metricsUrl!, "rolecall_http_ahead_bytes")).toBeLessThanOrEqual(mostAhead);
  pipeline.socket.resume();
  expect(await pipeline.heard(count)).toEqual(numbered(count));
});

test("each request meets what the one before it did, whoever reads it", async () => {
  const server = await start();
  const ask = signer(server);
  const pipeline = Pipeline.to(server.url);
  const user = { UserName: "first" };
  pipeline.socket.write(
    [
      ask({ Action: "CreateUser", ...user }),
      ask({ Action: "GetUser", ...user }),
      // From here on the lane leaves the connection to node:http.
      ask({ Action: "DeleteUser", ...user }).replace("Host: ", "Host:"),
      ask({ Action: "CreateUser", ...user }, "chunked"),
      ask({ Action: "GetUser", ...user }),
    ].join(""),
  );
  const names = ["CreateUser", "GetUser", "DeleteUser", "CreateUser", "GetUser"];
  expect(await pipeline.heard(5)).toEqual(names.map((name) => `200 ${name}`));
});

test("a target in absolute form is the same to both readers", async () => {
  const { url } = await start();
  const pipeline = Pipeline.to(url);
  pipeline.socket.write("GET http://x/?n=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /?n=2 HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await pipeline.heard(2)).toEqual(["302 1", "302 2"]);
});

test("no room for what is sent ahead: the connection ends with an answer that says so", async () => {
  const { url, metricsUrl } = await start({
    limits: { bodyBytes: 40_000 },
    metrics: { host: "127.0.0.1", port: 0 },
  });
  const pipeline = Pipeline.to(url);
  pipeline.socket.write(pipelined(kinds.plain, 2000));
  await pipeline.ended;
  expect(pipeline.answers.length).toBeLessThan(2000);
  expect(pipeline.answers).toEqual(numbered(pipeline.answers.length));
  expect(pipeline.lastHead.toLowerCase()).toContain("connection: close");
  expect(await figure(metricsUrl!, "rolecall_http_ahead_refused_total")).toBe(1);
  expect((await send(url, { method: "GET", target: "/health" })).status).toBe(200);
});

test("over TLS: all are answered, also after the client has closed its half", async () => {
  const { url } = await start({ tls: selfSigned() });
  const { hostname, port } = new URL(url);
  const options = { host: hostname, port: Number(port), rejectUnauthorized: false, allowHalfOpen: true };
  const pipeline = new Pipeline(connectTls(options));
  pipeline.socket.end(pipelined(kinds.plain, 500) + pipelined((index) => kinds.unusual(index + 500), 500));
  await pipeline.ended;
  expect(pipeline.answers).toEqual(numbered(1000));
});

test("idle connections end with the server, those that never asked too", async () => {
  const server = await start();
  const [silent, idle, unusual] = [Pipeline.to(server.url), Pipeline.to(server.url), Pipeline.to(server.url)];
  idle.socket.write(kinds.plain(1));
  unusual.socket.write(kinds.unusual(1));
  await Promise.all([idle.heard(1), unusual.heard(1)]);
  await server.close(30_000);
  await Promise.all([silent, idle, unusual].map(({ socket, ended }) => (socket.end(), ended)));
  expect([silent.answers, idle.answers, unusual.answers]).toEqual([[], ["302 1"], ["302 1"]]);
});

function signer(server: Awaited<ReturnType<typeof start>>) {
  return (parameters: Readonly<Record<string, string>>, coding: "length" | "chunked" = "length"): string => {
    const { headers, body } = form(server.url, parameters, server.created[0]!, { service: "iam" });
    const text = String(body);
    if (coding === "length") return capital(postHead(server.url, { ...headers, "content-length": text.length })) + text;
    const chunks = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    return capital(postHead(server.url, { ...headers, "transfer-encoding": "chunked" })) + chunks;
  };
}

const capital = (head: string): string => head.replace("\r\nhost: ", "\r\nHost: ");

/** All samples of a metric together. */
async function figure(metricsUrl: string, name: string): Promise<number> {
  const { body } = await send(metricsUrl, { method: "GET", target: "/metrics" });
  return [...body.matchAll(new RegExp(`^${name}(?:{.*?})? (\\S+)$`, "gm"))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}

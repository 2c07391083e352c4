import { connect } from "node:tls";
import { describe, expect, test } from "vitest";
import { selfSigned } from "../../harness/certificate.ts";
import { form, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { defaultLimits } from "../../../src/server/limits.ts";
import { postHead, RawClient } from "../../harness/socket.ts";

const start = starter();

/** A tenth of a second where a server has tens of seconds. */
const impatient = {
  headersTimeout: 200,
  requestTimeout: 400,
  keepAliveTimeout: 300,
  inactivityTimeout: 500,
  checkInterval: 50,
};

/** Where it is not the server's patience that is tried. */
const patient = { requestTimeout: 60_000, inactivityTimeout: 60_000 };

async function serve(limits: object = {}) {
  const server = await start({ limits: { ...impatient, ...limits }, metrics: { host: "127.0.0.1", port: 0 } });
  const administrator = server.created[0]!;
  const gauge = async (name: string): Promise<number> => {
    const { body } = await send(server.metricsUrl!, { method: "GET", target: "/metrics" });
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(body)![1]);
  };
  const works = async (): Promise<boolean> => {
    const sent = form(server.url, { Action: "GetCallerIdentity" }, administrator);
    return (await send(server.url, sent)).status === 200;
  };
  return { server, url: server.url, administrator, gauge, works };
}

async function serveTls(limits: object) {
  const errors: unknown[] = [];
  const server = await start({ limits, tls: selfSigned(), onError: (error) => errors.push(error) });
  return { server, errors };
}

/** Whether a TLS handshake comes to its end. */
function greets(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Sooner than by the limits that a server has by itself, on a busy machine too (milliseconds). */
const soon = defaultLimits.headersTimeout;

async function took(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work;
  return performance.now() - begin;
}

describe("a client that is slow", () => {
  test("says nothing at all: the connection ends", async () => {
    const { url, works } = await serve();
    const client = await RawClient.open(url);
    expect(await took(client.closed)).toBeLessThan(soon);
    expect(client.statuses).toEqual([408]);
    expect(await works()).toBe(true);
  });

  test("sends its head byte by byte: every byte is progress, and yet it ends", async () => {
    const { url } = await serve();
    const client = await RawClient.open(url);
    const drip = setInterval(() => client.send("a"), 20);
    client.send("POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
    expect(await took(client.closed)).toBeLessThan(soon);
    clearInterval(drip);
    expect(client.statuses).toEqual([408]);
  });

  test("sends its body byte by byte, or stops: it ends, and what it held is given back", async () => {
    const { url, gauge } = await serve({ requestTimeout: 3000, inactivityTimeout: 3000 });
    const [dripping, silent] = [await RawClient.open(url), await RawClient.open(url)];
    dripping.send(postHead(url, { "content-length": 100_000 }));
    silent.send(postHead(url, { "content-length": 100_000 }) + "x".repeat(50_000));
    const drip = setInterval(() => dripping.send("a"), 20);
    await expect.poll(() => gauge("rolecall_body_bytes_in_flight")).toBeGreaterThan(50_000);
    await Promise.all([dripping.closed, silent.closed]);
    clearInterval(drip);
    await expect.poll(() => gauge("rolecall_body_bytes_in_flight")).toBe(0);
    expect(await gauge("rolecall_requests_in_flight")).toBe(0);
  });

  test("does not take its answers: the connection ends, and they are thrown away", async () => {
    const { url, administrator, gauge } = await serve();
    const client = await RawClient.open(url);
    client.socket.pause();
    const { headers } = form(url, { Action: "ListPolicies", MaxItems: "1000" }, administrator, { service: "iam" });
    const body = "Action=ListPolicies&MaxItems=1000&Version=2010-05-08";
    const request = postHead(url, { ...headers, "content-length": body.length }) + body;
    // More than the kernel's buffers take.
    for (let index = 0; index < 60; index++) client.send(request);
    await expect.poll(() => gauge("rolecall_connections")).toBe(0);
    client.socket.destroy();
  });

  test("goes away in the middle of its body: nothing is left of it", async () => {
    const { url, gauge, works } = await serve(patient);
    const client = await RawClient.open(url);
    client.send(postHead(url, { "content-length": 100_000 }) + "x".repeat(1000));
    await expect.poll(() => gauge("rolecall_body_bytes_in_flight")).toBe(1000);
    client.socket.destroy();
    await expect.poll(() => gauge("rolecall_body_bytes_in_flight")).toBe(0);
    expect(await works()).toBe(true);
  });

  test("closes its half of the connection after the request: it still gets its answer", async () => {
    const { url } = await serve();
    const client = await RawClient.open(url);
    client.socket.end("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await client.answers()).toEqual([200]);
    await client.closed;
  });

  test("is idle between requests: the connection ends without an answer nobody asked for", async () => {
    const { url } = await serve();
    const client = await RawClient.open(url);
    client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await client.answers();
    expect(await took(client.closed)).toBeLessThan(soon);
    expect(client.statuses).toEqual([200]);
  });
});

describe("too much", () => {
  test.each([
    ["one long header", { "x-long": "x".repeat(40_000) }],
    ["many headers", Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`x-${index}`, "0123456789"]))],
  ])("%s: 431", async (_name, headers) => {
    const { url, works } = await serve();
    const client = await RawClient.open(url);
    client.send(postHead(url, headers));
    await client.closed;
    expect(client.statuses).toEqual([431]);
    expect(await works()).toBe(true);
  });

  test("a body that is declared too large: 413 before any of it is read", async () => {
    const { url } = await serve();
    const client = await RawClient.open(url);
    client.send(postHead(url, { "content-length": 10_000_001 }));
    expect(await client.answers()).toEqual([413]);
    await client.closed;
  });

  test("a body in chunks that grows too large: 413", async () => {
    const { url, gauge } = await serve(patient);
    const client = await RawClient.open(url);
    client.send(postHead(url, { "transfer-encoding": "chunked" }));
    const chunk = `${(1_000_000).toString(16)}\r\n${"x".repeat(1_000_000)}\r\n`;
    for (let index = 0; index < 11; index++) client.send(chunk);
    expect(await client.answers()).toEqual([413]);
    expect(await gauge("rolecall_body_bytes_in_flight")).toBe(0);
    client.socket.destroy();
  });

  test("a body of one-byte chunks is put together as it was sent", async () => {
    const { url, administrator } = await serve(patient);
    const { headers, body } = form(url, { Action: "GetCallerIdentity", Filler: "y".repeat(40_000) }, administrator);
    const client = await RawClient.open(url);
    client.send(postHead(url, { ...headers, "transfer-encoding": "chunked" }));
    client.send([...(body as string)].map((byte) => `1\r\n${byte}\r\n`).join("") + "0\r\n\r\n");
    expect(await client.answers()).toEqual([200]);
    client.socket.destroy();
  });

  test("unsigned bodies fill their quarter and no more; those with a key still get through", async () => {
    const { url, administrator } = await serve({ bodyBytes: 400_000, ...patient });
    const hoarder = await RawClient.open(url);
    hoarder.send(postHead(url, { "content-length": 120_000 }) + "x".repeat(90_000));
    const late = () => send(url, { body: "y".repeat(20_000) });
    await expect.poll(async () => (await late()).status).toBe(503);
    expect((await late()).headers["retry-after"]).toBe("1");
    const large = form(url, { Action: "GetCallerIdentity", Filler: "y".repeat(200_000) }, administrator);
    expect((await send(url, large)).status).toBe(200);
    hoarder.socket.destroy();
    await expect.poll(async () => (await late()).status).not.toBe(503);
  });

  test("connections: one more is closed at once, and a place that is free is given again", async () => {
    const { url, gauge } = await serve({ ...defaultLimits, maxConnections: 20 });
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(url)));
    const extra = await RawClient.open(url);
    await extra.closed;
    expect(extra.heard).toBe("");
    expect(await gauge("rolecall_connections_dropped_total")).toBe(1);
    clients.pop()!.socket.destroy();
    await expect.poll(() => gauge("rolecall_connections")).toBe(19);
    const next = await RawClient.open(url);
    next.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await next.answers()).toEqual([200]);
    for (const { socket } of [...clients, next]) socket.destroy();
  });

  test("connections over TLS: one more is closed before it may greet", async () => {
    const { server, errors } = await serveTls({ ...defaultLimits, maxConnections: 3 });
    const clients = await Promise.all(Array.from({ length: 3 }, () => RawClient.open(server.url)));
    const extra = await RawClient.open(server.url);
    await extra.closed;
    for (const { socket } of clients) socket.destroy();
    await expect.poll(() => greets(server.url)).toBe(true);
    expect(errors).toEqual([]);
  });

  test("a thousand idle connections end, and others are served meanwhile", async () => {
    const { url, gauge, works } = await serve({ headersTimeout: 8000, requestTimeout: 8000, inactivityTimeout: 9000 });
    const clients = await Promise.all(Array.from({ length: 1000 }, () => RawClient.open(url)));
    await expect.poll(() => gauge("rolecall_connections")).toBe(1000);
    expect(await works()).toBe(true);
    await Promise.all(clients.map(({ closed }) => closed));
    await expect.poll(() => gauge("rolecall_connections")).toBe(0);
  });
});

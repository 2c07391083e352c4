/** Connections in the plain lane, and how they leave it. */
import { afterEach, describe, expect, test } from "vitest";
import { form } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { postHead, RawClient } from "../../harness/socket.ts";

const start = starter();
const clients: RawClient[] = [];
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});

async function serve() {
  const server = await start();
  const administrator = server.created[0]!;
  const open = async (): Promise<RawClient> => {
    const client = await RawClient.open(server.url);
    clients.push(client);
    return client;
  };
  /** A signed request as text. */
  const request = (parameters: Readonly<Record<string, string>>, service: "iam" | "sts" = "sts"): string => {
    const { headers, body } = form(server.url, { Version: versions[service], ...parameters }, administrator, {
      service,
    });
    return postHead(server.url, { ...headers, "content-length": Buffer.byteLength(body!) }) + String(body);
  };
  return { server, open, request };
}

const versions = { iam: "2010-05-08", sts: "2011-06-15" };
const who = { Action: "GetCallerIdentity" };
const welcome = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

describe("the plain lane", () => {
  test("answers requests that were sent together in their order", async () => {
    const { open, request } = await serve();
    const client = await open();
    const create = request({ Action: "CreateUser", UserName: "first" }, "iam");
    // The second waits for the first, which waits for the disk.
    client.send(create + request(who) + request({ Action: "GetUser", UserName: "first" }, "iam") + welcome);
    expect(await client.answers(4)).toEqual([200, 200, 200, 200]);
    const found = [...client.heard.matchAll(/<(\w+)Response /g)].map(([, name]) => name);
    expect(found).toEqual(["CreateUser", "GetCallerIdentity", "GetUser"]);
  });

  test("waits for a body that comes right after its head", async () => {
    const { open, request } = await serve();
    const client = await open();
    const text = request(who);
    const head = text.indexOf("\r\n\r\n") + 4;
    for (const at of [head, 10, text.length - 1]) {
      client.send(text.slice(0, at));
      await new Promise((resolve) => setTimeout(resolve, 5));
      client.send(text.slice(at));
      await client.answers(client.statuses.length + 1);
    }
    expect(client.statuses).toEqual([200, 200, 200]);
  });

  test.each([
    ["a body in chunks", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 302],
    ["an expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na", 100],
    ["health", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", 200],
    ["what is no HTTP", "GARBAGE\r\n\r\n", 400],
    ["a rest that is late", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na", null],
  ])("gives the connection over to node:http for %s, and nothing is lost", async (_name, unusual, status) => {
    const { open, request } = await serve();
    const client = await open();
    client.send(request(who) + unusual);
    if (status === null) {
      await client.answers(1);
      await new Promise((resolve) => setTimeout(resolve, 60));
      client.send("bc");
    }
    const answers = await client.answers(2);
    expect(answers[0]).toBe(200);
    if (status !== null) expect(answers[1]).toBe(status);
    if (status === 100) await client.answers(3);
    if (status === 400) return client.closed;
    // Whoever reads the connection now reads on.
    const before = client.statuses.length;
    client.send(request(who));
    expect((await client.answers(before + 1)).at(-1)).toBe(200);
  });

  test("answers a client that has closed its half, and then ends", async () => {
    const { open, request } = await serve();
    const client = await open();
    client.socket.end(request({ Action: "CreateUser", UserName: "u" }, "iam"), "latin1");
    expect(await client.answers()).toEqual([200]);
    await client.closed;
    expect(client.heard.toLowerCase()).toContain("connection: close");
  });

  test("so does node:http, for what the lane leaves to it", async () => {
    const { open, request } = await serve();
    const client = await open();
    const create = request({ Action: "CreateUser", UserName: "u" }, "iam");
    client.socket.end(create.replace("\r\n", "\r\nExpect: 100-continue\r\n"), "latin1");
    expect(await client.answers(2)).toEqual([100, 200]);
    await client.closed;
  });

  test("refuses a request whose client closes its half in the middle", async () => {
    const { open } = await serve();
    const client = await open();
    client.socket.end("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    await client.closed;
    expect(client.statuses).toEqual([400]);
  });

  test("counts bytes, not characters, in what it answers", async () => {
    const { open, request } = await serve();
    const client = await open();
    client.send(request({ Action: "GetUser", UserName: "nobody" }, "iam") + request(who));
    await client.answers(2);
    const trust = `{"Version":"2012-10-17","Statement":{"Sid":"x","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`;
    const create = {
      Action: "CreateRole",
      RoleName: "r",
      AssumeRolePolicyDocument: trust,
      Description: "für jeden Hut ¡olé!",
    };
    client.send(request(create, "iam") + request({ Action: "GetRole", RoleName: "r" }, "iam") + request(who));
    expect(await client.answers(5)).toEqual([404, 200, 200, 200, 200]);
    expect(Buffer.from(client.heard, "latin1").toString("utf8")).toContain(
      "<Description>für jeden Hut ¡olé!</Description>",
    );
  });

  test("lets idle connections go when the server closes, and finishes the others", async () => {
    const { server, open, request } = await serve();
    const [idle, busy] = [await open(), await open()];
    idle.send(welcome);
    await idle.answers();
    busy.send(request({ Action: "CreateUser", UserName: "late" }, "iam"));
    const closing = new Promise((resolve) => setTimeout(() => resolve(server.close(5000)), 1));
    await Promise.all([idle.closed, busy.closed, closing]);
    expect(idle.statuses).toEqual([200]);
    expect([[], [200]]).toContainEqual([...busy.statuses]);
  });
});

/**
 * The plain lane's reader beside node:http's (llhttp): whatever the lane takes, both understand alike, to the byte at
 * which the request ends. Requests are made by chance around the edge of what is plain.
 */
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { readPlainHead } from "../../src/http/lane/plain-head.ts";
import type { PlainHead } from "../../src/http/lane/plain-head.ts";
import { Random } from "../harness/random.ts";
import { seed } from "../harness/seed.ts";

interface Understood {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly told: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const inputs = 6000;
const following = "GET /following HTTP/1.1\r\nHost: next\r\n\r\n";

/** The requests that node:http finds in the bytes, up to one that it refuses or understands as something else. */
async function byNode(bytes: Buffer): Promise<readonly Understood[]> {
  const found: Understood[] = [];
  const server = createServer({ joinDuplicateHeaders: true, maxHeaderSize: 32_768 });
  // What it refuses comes after what it has understood, which is still to be told.
  server.on("clientError", () => {});
  for (const event of ["checkContinue", "checkExpectation", "upgrade", "connect"]) server.on(event, () => {});
  const done = new Promise<void>((resolve) => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, next) => next() });
    socket.once("close", resolve);
    server.on("request", (incoming: IncomingMessage, outgoing) => {
      let body = "";
      incoming.setEncoding("latin1").on("data", (text: string) => (body += text));
      incoming.on("end", () => {
        const { host, authorization, referer } = incoming.headers;
        const told = {
          host,
          authorization,
          referer,
          contentType: incoming.headers["content-type"],
          accept: incoming.headers.accept,
          userAgent: incoming.headers["user-agent"],
          operationTarget: incoming.headers["x-amz-target"] as string | undefined,
        };
        found.push({ method: incoming.method!, target: incoming.url!, headers: incoming.rawHeaders, told, body });
        outgoing.end();
        if (incoming.url === "/following") socket.destroy();
      });
    });
    server.emit("connection", socket);
    socket.push(bytes);
    socket.push(null);
    setImmediate(() => setImmediate(() => setImmediate(() => socket.destroy())));
  });
  await done;
  return found;
}

/** What the lane takes of the bytes; null where it leaves them to others. */
function byLane(bytes: Buffer, before: readonly string[] | undefined): Understood | null {
  const head = readPlainHead(bytes, before);
  if (head === "more" || head === "other" || head.size + head.bodySize > bytes.length) return null;
  const { method, target, headers, host, accept, authorization, referer, contentType, userAgent, operationTarget } =
    head;
  const body = bytes.toString("latin1", head.size, head.size + head.bodySize);
  const told = { host, accept, authorization, referer, contentType, userAgent, operationTarget };
  return { method, target, headers: [...headers], told, body };
}

const methods = ["GET", "POST", "GET", "POST", "PUT", "get", "HEAD", "PATCH", "G ET", "POST\t"];
const targets = ["/", "/?a=b&c=%20", "/x#y", "*", "http://h/x", "//", "/a b", "/é", "/\x7f", "/..", "/{}", "/|^`"];
const versions = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "http/1.1", "HTTP/1.1 "];
const headerNames = [
  "Host",
  "host",
  "Authorization",
  "Content-Type",
  "Content-Length",
  "content-length",
  "X-Amz-Target",
].concat(
  ["Transfer-Encoding", "Connection", "Expect", "Upgrade", "User-Agent", "Referer", "X-A", "X-A-B", "Trailer", "TE"],
  ["Accept", "accept"],
  ["X Y", "X\u00e9", "Content-Length ", "X(", "", "Keep-Alive", "Cookie", "Proxy-Connection", "x_under", "1"],
);
const values = [
  "x",
  "keep-alive",
  "close",
  "chunked",
  "identity",
  "0",
  "5",
  "05",
  "+5",
  "5, 5",
  "100-continue",
  "é",
  "",
].concat([
  " x",
  "x ",
  "x\ty",
  "\tx",
  "x\x00",
  "x\x1f",
  "x\x7f",
  "a\rb",
  "a\nb",
  "h2c",
  "trailers",
  "a, b",
  "gzip, chunked",
  "-1",
]);
const ends = ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n ", "\r\n\t", "\r\r\n"];

function request(random: Random): Buffer {
  const odd = random.chance(0.7);
  const one = <T>(list: readonly T[], usual: T): T => (odd && random.chance(0.15) ? random.pick(list) : usual);
  const method = random.pick(["GET", "POST"]);
  const body = method === "POST" ? random.pick(["", "hello", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n"]) : "";
  const lines: [string, string][] = [["Host", "h"]];
  if (body !== "" || random.chance(0.2)) lines.push(["Content-Length", String(body.length)]);
  for (let index = random.below(4); index > 0; index--) {
    lines.push(
      odd ? [random.pick(headerNames), random.pick(values)] : [random.pick(["X-A", "User-Agent", "Accept"]), "v w"],
    );
  }
  let text = `${one(methods, method)} ${one(targets, "/")} ${one(versions, "HTTP/1.1")}${one(ends, "\r\n")}`;
  for (const [name, value] of random.shuffle(lines)) {
    text += `${name}${one([":", " : ", ":  ", ":\t", ""], ": ")}${value}${one(ends, "\r\n")}`;
  }
  return Buffer.from(`${text}${one(["\n", "\r", ""], "\r\n")}${body}`, "latin1");
}

test(`what the lane takes, node:http understands alike (seed ${seed})`, async () => {
  const random = new Random(seed);
  let taken = 0;
  let before: readonly string[] | undefined;
  for (let index = 0; index < inputs; index++) {
    const bytes = request(random);
    const whole = Buffer.concat([bytes, Buffer.from(following)]);
    const lane = byLane(whole, before);
    if (lane === null) continue;
    taken++;
    const { size, names } = readPlainHead(whole) as PlainHead;
    // A connection keeps no more of its last request than these, and the same list as long as they are the same.
    expect(names).toEqual(lane.headers.filter((_, place) => place % 2 === 0));
    expect((readPlainHead(whole, names) as PlainHead).names).toBe(names);
    before = names;
    // What is left is the next request: where one of them reads on differently, it ended at another byte.
    const rest = byLane(whole.subarray(size + lane.body.length), before);
    const node = await byNode(whole);
    const shown = JSON.stringify(bytes.toString("latin1"));
    expect(node[0], shown).toEqual(lane);
    if (rest !== null) expect(node[1], shown).toEqual(rest);
  }
  expect(taken).toBeGreaterThan(inputs / 10);
});

test.each([
  ["a first line that ends with a line feed alone", "GET / HTTP/1.1\nHost: h\r\n\r\n"],
  ["two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"],
  ["a length in an odd form", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 01\r\n\r\na"],
  ["a body in chunks", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  [
    "a length and chunks",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a GET with a length", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na"],
  ["no host", "GET / HTTP/1.1\r\nX: h\r\n\r\n"],
  ["two hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"],
  ["a folded line", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n"],
  ["a space before a colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n"],
  ["a client that waits for 100", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"],
  ["another protocol", "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"],
  ["an end of the connection", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"],
  ["an older version", "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"],
  ["another method", "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n"],
  ["two authorizations", "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"],
  ["a head that does not end", `GET / HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(20_000)}`],
])("left to node:http: %s", (_name, text) => {
  expect(readPlainHead(Buffer.from(text, "latin1"))).toBe("other");
});

/** Bytes that are nearly HTTP. */
import type { Random } from "../../harness/random.ts";
import { hostileText } from "../../harness/hostile/texts.ts";
import type { Sendable } from "../../harness/hostile/requests.ts";

const host = "Host: 127.0.0.1\r\n";
const form = "Content-Type: application/x-www-form-urlencoded\r\n";
const action = "Action=GetCallerIdentity&Version=2011-06-15";

/** Requests on which parsers have disagreed, or that ended one. */
export const classics: readonly string[] = [
  "\r\n\r\n\r\n",
  "\0\0\0\0",
  "GET\r\n\r\n",
  "GET /\r\n\r\n",
  "GET / HTTP/0.9\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  `GET / HTTP/9.9\r\n${host}\r\n`,
  `GET  /  HTTP/1.1\r\n${host}\r\n`,
  `GET / HTTP/1.1\n${host}\n`,
  `G\0T / HTTP/1.1\r\n${host}\r\n`,
  `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n`,
  `GET //evil HTTP/1.1\r\n${host}\r\n`,
  `GET * HTTP/1.1\r\n${host}\r\n`,
  `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
  `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n`,
  `TRACE / HTTP/1.1\r\n${host}\r\n`,
  `HEAD /health HTTP/1.1\r\n${host}\r\n`,
  `GET /?\xff\xfe\x80 HTTP/1.1\r\n${host}\r\n`,
  `GET /${"a".repeat(70_000)} HTTP/1.1\r\n${host}\r\n`,
  `GET / HTTP/1.1\r\n${host}X: ${"a".repeat(70_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}${"A: b\r\n".repeat(5000)}\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost : a\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}: empty\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}__proto__: x\r\nconstructor: y\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: +5\r\n\r\nabcde`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: -1\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: 99999999999999999999\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: 10000001\r\n\r\nabc`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: 0x10\r\n\r\n${action}`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\n2b;${"x".repeat(20_000)}\r\n${action}\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\n2b\r\n${action}\r\n0\r\nX-Amz-Security-Token: x\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  `POST / HTTP/1.1\r\n${host}${form}Expect: 100-continue\r\nContent-Length: ${action.length}\r\n\r\n${action}`,
  `POST / HTTP/1.1\r\n${host}${form}Expect: the-unexpected\r\nContent-Length: ${action.length}\r\n\r\n${action}`,
  `POST / HTTP/1.1\r\n${host}${form}Content-Length: ${action.length + 40}\r\n\r\n${action}`,
  `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabcGET /health HTTP/1.1\r\n${host}\r\n`,
];

/** One character a byte. */
export function bytesOf({ method, target, headers, body }: Sendable): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${target} HTTP/1.1\r\n${lines}\r\n${body.toString("latin1")}`;
}

/** The bytes with some of them changed, lost, doubled or put in between. */
export function mutilated(bytes: string, random: Random): string {
  let changed = bytes;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(changed.length + 1);
    const [head, tail] = [changed.slice(0, at), changed.slice(at)];
    changed = random.pick<() => string>([
      () => head + String.fromCharCode(random.below(256)) + tail.slice(1),
      () => head + tail.slice(1 + random.below(20)),
      () => head + tail.slice(0, 30) + tail,
      () => head,
      () => head + random.pick(["\r\n", "\n", "\r", "\0", "\r\n\r\n", ": ", "\t", "\x7f"]) + tail,
      () => head + Buffer.from(hostileText(random).slice(0, 5000), "utf8").toString("latin1") + tail,
    ])();
  }
  return changed;
}

import { STATUS_CODES } from "node:http";
import { systemClock } from "../../clock/clock.ts";
import type { Rendered } from "../../wire/rendered.ts";

/** What no header may hold: anything but a tab and printable ASCII could end its line, or mean something else elsewhere. */
const unsafe = /[^\t -~]/;

/**
 * An answer as it goes over a connection, head and body in one text.
 *
 * @param bodySize bytes of the body
 * @param reuse what the connection's headers say of its further use
 * @throws Error where a header would not stay one (RFC 9110 §5.5): nothing may be written then
 */
export function answerText({ status, headers, body }: Rendered, bodySize: number, reuse: string): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: ${bodySize}\r\n`;
  for (const name in headers) {
    const line = `${name}: ${headers[name]!}`;
    if (unsafe.test(line)) throw new Error(`the header ${JSON.stringify(name)} holds what no header may hold`);
    text += `${line}\r\n`;
  }
  return `${text}Date: ${dateNow()}\r\n${reuse}\r\n\r\n${body}`;
}

let second = 0;
let text = "";

/** The time in the form of RFC 9110 §5.6.7, made once a second. */
function dateNow(): string {
  const now = Math.floor(systemClock.now() / 1000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1000).toUTCString();
  }
  return text;
}

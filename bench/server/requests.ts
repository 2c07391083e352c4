/**
 * Requests as an AWS SDK sends them, signed before the load begins: the client's signing is not what is measured. Their
 * times of signing differ, so no two have the same signature.
 */
import { createHash, randomUUID } from "node:crypto";
import { sign } from "../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";

export interface Call {
  readonly service: string;
  /** Null where nobody signs it. */
  readonly credentials: SigningCredentials | null;
  readonly contentType: string;
  readonly target?: string;
  /** Instead of an SDK's. */
  readonly userAgent?: string;
  readonly body: string;
}

/** Bytes of a request, head and body; one that is larger by itself (a token, a nested request) stays as it is. */
export const requestSize = 1024;

const userAgent = "aws-sdk-js/3.1169.0 ua/2.1 os/linux#6.12 lang/js md/nodejs#24.0.0 api/sts#3.1169.0 m/E,N";

/** A call of the query protocol. */
export function queryCall(
  service: "iam" | "sts",
  credentials: SigningCredentials | null,
  parameters: Readonly<Record<string, string>>,
): Call {
  const Version = service === "iam" ? "2010-05-08" : "2011-06-15";
  const body = new URLSearchParams({ Version, ...parameters }).toString();
  return { service, credentials, contentType: "application/x-www-form-urlencoded", body };
}

/** @param index spreads the times of signing over the last four minutes */
export function finished(call: Call, port: number, index: number): Buffer {
  const headers = [
    ["Host", `127.0.0.1:${port}`],
    ["Content-Type", call.contentType],
    ["Content-Length", String(Buffer.byteLength(call.body))],
    ...(call.target === undefined ? [] : [["X-Amz-Target", call.target]]),
    ["User-Agent", call.userAgent ?? userAgent],
    ["X-Amz-User-Agent", "aws-sdk-js/3.1169.0"],
    ["Amz-Sdk-Invocation-Id", randomUUID()],
    ["Amz-Sdk-Request", "attempt=1; max=3"],
    ["X-Amz-Content-Sha256", sha256(call.body)],
  ].flat();
  const request = { method: "POST", path: "/", query: "", headers, bodyHash: () => sha256(call.body) };
  const time = Date.now() - (index % 240) * 1000;
  const scope = { region: "us-east-1", service: call.service };
  const added = call.credentials === null ? {} : sign(request, call.credentials, scope, time);
  const lines = ["POST / HTTP/1.1"];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  for (const [name, value] of Object.entries(added)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${padded(lines, call.body)}${call.body}`, "utf8");
}

function padded(lines: readonly string[], body: string): string {
  const head = `${lines.join("\r\n")}\r\n`;
  const label = "X-Padding: ";
  const missing = requestSize - Buffer.byteLength(head) - Buffer.byteLength(body) - label.length - 4;
  return missing > 0 ? `${head}${label}${"x".repeat(missing)}\r\n\r\n` : `${head}\r\n`;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Requests by hand: what no SDK would send. */
import { createHash } from "node:crypto";
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { OperationContract } from "../../src/contracts/model.ts";
import { sign } from "../../src/sigv4/sign.ts";
import { presign } from "./presign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";

export interface Sent {
  readonly method?: string;
  /** Path and query, encoded. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** @param url of the server, e.g. `http://127.0.0.1:7653` */
export function send(url: string, sent: Sent): Promise<Received> {
  const { method = "POST", target = "/", headers = {}, body } = sent;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path: target, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode!,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export interface Signing {
  readonly service?: string;
  readonly region?: string;
  /** Milliseconds since the epoch. */
  readonly time?: number;
}

const formType = "application/x-www-form-urlencoded";

/** Adds to a request the headers that sign it. */
export function signed(url: string, sent: Sent, credentials: SigningCredentials, signing: Signing = {}): Sent {
  const { service = "sts", region = "us-east-1", time = Date.now() } = signing;
  const { method = "POST", target = "/", body = "" } = sent;
  const headers = { host: new URL(url).host, ...sent.headers };
  const added = sign(
    { ...splitTarget(target), method, headers: Object.entries(headers).flat(), bodyHash: () => sha256(body) },
    credentials,
    { region, service },
    time,
  );
  return { ...sent, headers: { ...headers, ...added } };
}

/** A form POST to one of the query services, signed. */
export function form(
  url: string,
  parameters: Readonly<Record<string, string>>,
  credentials: SigningCredentials,
  signing: Signing = {},
): Sent {
  const body = new URLSearchParams(withVersion(parameters, signing.service)).toString();
  return signed(url, { headers: { "content-type": formType }, body }, credentials, signing);
}

/** The whole target of a presigned request. */
export function presignedTarget(
  url: string,
  parameters: Readonly<Record<string, string>>,
  credentials: SigningCredentials,
  signing: Signing & { readonly method?: string; readonly expires?: number } = {},
): string {
  const { service = "sts", region = "us-east-1", time = Date.now(), method = "GET", expires = 60 } = signing;
  const query = new URLSearchParams(withVersion(parameters, service)).toString().replaceAll("+", "%20");
  const input = { method, path: "/", query, headers: ["host", new URL(url).host], bodyHash: () => sha256("") };
  return `/?${presign(input, credentials, { region, service }, time, expires)}`;
}

export interface JsonAnswer {
  readonly status: number;
  // Tests look into whatever the server says.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Calls an operation of the `rolecall` service. */
export async function rolecall(
  url: string,
  credentials: SigningCredentials,
  operation: string,
  input: object = {},
): Promise<JsonAnswer> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Rolecall.${operation}` };
  const sent = signed(url, { headers, body: JSON.stringify(input) }, credentials, { service: "rolecall" });
  const received = await send(url, sent);
  return { status: received.status, body: JSON.parse(received.body) };
}

/** Calls an operation of a service that is asked by method and path, as its contract has them. */
export async function rest(
  url: string,
  credentials: SigningCredentials,
  { http, input: { members } }: OperationContract,
  input: Readonly<Record<string, unknown>>,
  signing: Signing,
): Promise<Received> {
  let path = http.uri;
  const query = new URLSearchParams();
  const inBody: [string, unknown][] = [];
  for (const [name, value] of Object.entries(input)) {
    const location = members[name]?.location;
    if (location?.in === "uri") path = path.replace(`{${location.name}}`, encodeURIComponent(String(value)));
    else if (location?.in === "query") query.set(location.name, String(value));
    else inBody.push([name, value]);
  }
  const target = query.size === 0 ? path : `${path}?${query.toString().replaceAll("+", "%20")}`;
  const body = inBody.length === 0 ? {} : { body: JSON.stringify(Object.fromEntries(inBody)) };
  return send(url, signed(url, { method: http.method, target, ...body }, credentials, signing));
}

/** `CODE STATUS: MESSAGE` of a fault in XML; faults without a message end after the status. */
export function faultOf(received: Received): string {
  const code = /<Code>(.*?)<\/Code>/.exec(received.body)?.[1];
  if (code === undefined) throw new Error(`not a fault: ${received.status} ${received.body}`);
  const message = /<Message>([^]*?)<\/Message>/.exec(received.body)?.[1];
  return message === undefined ? `${code} ${received.status}` : `${code} ${received.status}: ${unescapeXml(message)}`;
}

/** The same of a fault of a REST protocol. */
export function restFaultOf({ status, headers, body }: Received): string {
  const code = headers["x-amzn-errortype"];
  if (code === undefined) throw new Error(`not a fault: ${status} ${body}`);
  return `${code as string} ${status}: ${(JSON.parse(body) as { message: string }).message}`;
}

/** The same of a fault in JSON. */
export function jsonFaultOf({ status, body }: JsonAnswer): string {
  if (typeof body.__type !== "string") throw new Error(`not a fault: ${status} ${JSON.stringify(body)}`);
  return `${body.__type} ${status}: ${body.message ?? body.Message}`;
}

function withVersion(
  parameters: Readonly<Record<string, string>>,
  service: string | undefined,
): Record<string, string> {
  return { Version: service === "iam" ? "2010-05-08" : "2011-06-15", ...parameters };
}

function splitTarget(target: string): { path: string; query: string } {
  const question = target.indexOf("?");
  if (question < 0) return { path: target, query: "" };
  return { path: target.slice(0, question), query: target.slice(question + 1) };
}

function sha256(body: string | Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'" };

function unescapeXml(text: string): string {
  return text.replace(/&([a-z]+|#39);/g, (whole, name: string) => entities[name] ?? whole);
}

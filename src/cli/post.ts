import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { CommandError } from "../launch/terminal.ts";
import { sign } from "../sigv4/sign.ts";
import type { SigningCredentials, SigningTarget } from "../sigv4/sign.ts";
import { shorten } from "../text/shorten.ts";
import { visible } from "../text/visible.ts";

/** Where a server is and who asks it. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
  /** Null for what needs no signature. */
  readonly credentials: SigningCredentials | null;
  /** A PEM file to trust beside the system's roots. */
  readonly caFile?: string | undefined;
  /** Where the credentials come from, for messages. */
  readonly source: string;
}

/** A fault of the server, as it said it. */
export class ServerFault extends CommandError {
  readonly code: string;
  /** @param advice ours, in lines of its own */
  constructor(code: string, message: string, advice = "") {
    super(`${sentence(code)}: ${sentence(message)}${advice}`);
    this.name = "ServerFault";
    this.code = code;
  }
}

/** What a server says: it repeats what others wrote, and may be no rolecall. */
function sentence(text: string): string {
  return shorten(visible(shorten(text, longestSentence)), longestSentence);
}

const timeout = 30_000;
const longestSentence = 4096;
/** How often a throttled call is made again, as SDKs do, and milliseconds before the first time; each next one waits twice as long. */
const mostRetries = 5;
const firstPause = 100;

/** One call of one operation. */
export interface Message {
  /** The service that it is signed for. */
  readonly service: string;
  /** In lower case; without Host. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** When it was made, as the server says (RFC 9110, §6.6.1). */
  readonly date: string;
}

/** Sends it signed, and again while the server is busy. @throws CommandError when nobody answers */
export async function post(endpoint: Endpoint, message: Message): Promise<Answer> {
  let answer = await postOnce(endpoint, message);
  for (let turn = 0; turn < mostRetries && isThrottled(answer); turn++) {
    await delay(firstPause * 2 ** turn);
    answer = await postOnce(endpoint, message);
  }
  return answer;
}

/** As json-1.1 says it, and the query protocol (wire/codec.ts). */
function isThrottled({ status, body }: Answer): boolean {
  return status === 400 && (body.includes('"ThrottlingException"') || body.includes('"Throttling"'));
}

function postOnce(endpoint: Endpoint, { service, headers: given, body }: Message): Promise<Answer> {
  const url = new URL(endpoint.url);
  const headers: Record<string, string> = { host: url.host, ...given };
  const { credentials, region } = endpoint;
  const signed = credentials === null ? {} : signature({ region, service }, credentials, headers, body);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const trust =
    endpoint.caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(endpoint.caFile, "utf8")] };
  const options = {
    method: "POST",
    headers: { ...headers, ...signed, "user-agent": "rolecall-cli", "content-length": Buffer.byteLength(body) },
    timeout,
    ...trust,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL("/", url), options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", (error) => reject(unreachable(endpoint, error)));
      incoming.once("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), date: incoming.headers.date ?? "" }),
      );
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer within ${timeout / 1000} seconds`)));
    outgoing.once("error", (error) => reject(unreachable(endpoint, error)));
    outgoing.end(body);
  });
}

function signature(
  target: SigningTarget,
  credentials: SigningCredentials,
  headers: Readonly<Record<string, string>>,
  body: string,
) {
  const request = {
    method: "POST",
    path: "/",
    query: "",
    headers: Object.entries(headers).flat(),
    bodyHash: () => createHash("sha256").update(body).digest("hex"),
  };
  return sign(request, credentials, target, Date.now());
}

function unreachable(endpoint: Endpoint, error: Error): CommandError {
  const { code } = error as NodeJS.ErrnoException;
  const why = error.message === "" ? code : error.message;
  return new CommandError(`no rolecall server answers at ${endpoint.url} (${why}): start one with "rolecall serve"`, {
    cause: error,
  });
}

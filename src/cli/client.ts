import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { rolecall } from "../contracts/rolecall/contract.ts";
import type { RolecallOperations } from "../contracts/rolecall/contract.ts";
import { sign } from "../sigv4/sign.ts";
import type { SigningCredentials } from "../sigv4/sign.ts";
import { compileJsonInput } from "../wire/json-decode.ts";
import { compileJsonOutput, JSON_CONTENT_TYPE } from "../wire/json-encode.ts";
import { shorten } from "../text/shorten.ts";
import { visible } from "../text/visible.ts";
import { CommandError } from "../launch/terminal.ts";

/** Where a server is and who asks it. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
  /** Null for what needs no signature. */
  readonly credentials: SigningCredentials | null;
  /** PEM text to trust beside the system's roots. */
  readonly ca?: string | undefined;
  /** Where the credentials come from, for messages. */
  readonly source: string;
}

/** A fault of the server, as it said it. */
export class ServerFault extends CommandError {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${sentence(code)}: ${sentence(message)}`);
    this.name = "ServerFault";
    this.code = code;
  }
}

/** What a server says: it repeats what others wrote, and may be no rolecall. */
function sentence(text: string): string {
  return shorten(visible(shorten(text, longestSentence)), longestSentence);
}

type Name = keyof RolecallOperations;

const timeout = 30_000;
const longestSentence = 4096;
/** How often a throttled call is made again, as SDKs do, and milliseconds before the first time; each next one waits twice as long. */
const mostRetries = 5;
const firstPause = 100;

/** Calls one operation of our own API (json-1.1, SigV4). @throws ServerFault, CommandError when nobody answers */
export async function call<N extends Name>(
  endpoint: Endpoint,
  name: N,
  input: RolecallOperations[N]["input"],
): Promise<RolecallOperations[N]["output"]> {
  const contract = rolecall.operations[name]!;
  const body = compileJsonOutput(contract.input)(input);
  let answer = await post(endpoint, name, body);
  for (let turn = 0; turn < mostRetries && isThrottled(answer); turn++) {
    await delay(firstPause * 2 ** turn);
    answer = await post(endpoint, name, body);
  }
  if (answer.status !== 200) throw faultOf(answer, endpoint);
  return compileJsonInput(contract.output)(answer.body) as unknown as RolecallOperations[N]["output"];
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

function isThrottled({ status, body }: Answer): boolean {
  return status === 400 && body.includes('"ThrottlingException"');
}

function post(endpoint: Endpoint, name: string, body: string): Promise<Answer> {
  const url = new URL(endpoint.url);
  const headers: Record<string, string> = {
    host: url.host,
    "content-type": JSON_CONTENT_TYPE,
    "x-amz-target": `${rolecall.targetPrefix}.${name}`,
  };
  const signed = endpoint.credentials === null ? {} : signature(endpoint, endpoint.credentials, headers, body);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const trust = endpoint.ca === undefined ? {} : { ca: [...rootCertificates, endpoint.ca] };
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
      incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer within ${timeout / 1000} seconds`)));
    outgoing.once("error", (error) => reject(unreachable(endpoint, error)));
    outgoing.end(body);
  });
}

function signature(
  { region }: Endpoint,
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
  return sign(request, credentials, { region, service: rolecall.service }, Date.now());
}

function unreachable(endpoint: Endpoint, error: Error): CommandError {
  const { code } = error as NodeJS.ErrnoException;
  const why = error.message === "" ? code : error.message;
  return new CommandError(`no rolecall server answers at ${endpoint.url} (${why}): start one with "rolecall serve"`, {
    cause: error,
  });
}

function faultOf(answer: Answer, endpoint: Endpoint): CommandError {
  try {
    const { __type: code, message } = JSON.parse(answer.body.toString("utf8")) as { __type: string; message?: string };
    return new ServerFault(code, `${message ?? ""} (asked ${endpoint.url} with ${endpoint.source})`);
  } catch {
    return new CommandError(`${endpoint.url} answered with status ${answer.status} and is not rolecall, it seems`);
  }
}

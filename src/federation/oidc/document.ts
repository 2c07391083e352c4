import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { readJson } from "../../json/read.ts";
import type { CertificateTrust, ConnectionVerification } from "./certificate-trust.ts";
import { connect, destinationOf, failureOf } from "./connection.ts";
import { IssuerFailure } from "./issuer-failure.ts";
import type { PrivateIssuer } from "./private-issuers.ts";

/** What goes for every document that is fetched. */
export interface FetchRules {
  readonly privateIssuers: readonly PrivateIssuer[];
  readonly trust: CertificateTrust;
  /** SHA-1 of certificates, in lower case. */
  readonly thumbprints: readonly string[];
  /** Aborted with an IssuerFailure. */
  readonly signal: AbortSignal;
  readonly onLookup: (ended: Promise<void>) => void;
}

export interface FetchedDocument {
  readonly json: JsonObject;
  readonly verification: ConnectionVerification;
}

/** Bytes: two hundred keys with certificates are less. */
const longestDocument = 524_288;
const longestHead = 16_384;

/**
 * Fetches one JSON object over HTTPS. Nothing but the answer 200 counts (OpenID Connect Discovery 1.0 §4.2), so that
 * redirects lead nowhere; nothing is unpacked; what it says of its type is not looked at.
 *
 * @throws IssuerFailure
 */
export async function fetchDocument(url: URL, rules: FetchRules): Promise<FetchedDocument> {
  const to = destinationOf(url);
  const { privateIssuers, trust, thumbprints, signal, onLookup } = rules;
  let socket: TLSSocket | undefined;
  try {
    socket = await connect(to, { privateIssuers, context: trust.context, onLookup }, signal);
    const verification = await trust.judge(socket, to.host, thumbprints);
    signal.throwIfAborted();
    const text = await textOf(await answerTo(url, socket), url);
    return { json: objectIn(text, url), verification };
  } catch (error) {
    throw failureOf(signal.aborted ? (signal.reason as Error) : (error as Error), to);
  } finally {
    socket?.destroy();
  }
}

function answerTo(url: URL, socket: TLSSocket): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      // The connection is there: no agent, and no proxy that one would know of.
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, accept: "application/json", "accept-encoding": "identity", "user-agent": "rolecall" },
      maxHeaderSize: longestHead,
    });
    asked.once("response", resolve);
    // What asks for another protocol has no answer and is no error.
    asked.once("upgrade", (_, changed) => {
      changed.destroy();
      reject(unusable(url, "another protocol"));
    });
    asked.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code?.startsWith("HPE_") === true ? unusable(url, `an answer that is no HTTP (${error.code})`) : error,
      ),
    );
    asked.end();
  });
}

async function textOf(answer: IncomingMessage, url: URL): Promise<string> {
  const { statusCode: status = 0, headers } = answer;
  if (status >= 500 || status === 429) {
    throw new IssuerFailure("unreachable", `${placeOf(url)} answered ${status}`, { wanted: "the answer 200", status });
  }
  if (status !== 200) {
    throw unusable(url, `the answer ${status}${status < 400 ? ": redirects are not followed" : ""}`, { status });
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw unusable(url, "an answer that is packed, though it was not asked for");
  if (Number(headers["content-length"] ?? 0) > longestDocument) throw tooLong(url);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestDocument) throw tooLong(url);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw unusable(url, "an answer that is not UTF-8", { cause });
  }
}

function objectIn(text: string, url: URL): JsonObject {
  let json: JsonNode;
  try {
    json = readJson(text);
  } catch (cause) {
    throw unusable(url, "an answer that is no JSON, or is nested too deeply", { cause });
  }
  if (json.kind !== "object") throw unusable(url, "an answer that is no JSON object");
  return json;
}

function tooLong(url: URL): IssuerFailure {
  return unusable(url, `an answer of more than ${longestDocument} bytes`);
}

/** Something was answered that asking again will not change. */
export function unusable(
  url: URL,
  seen: string,
  more: { readonly cause?: unknown; readonly status?: number } = {},
): IssuerFailure {
  return new IssuerFailure("answer", `${placeOf(url)}: ${seen}`, {
    wanted: "a JSON object, with the answer 200",
    ...more,
  });
}

/** Without a query, in which there may be a token. */
function placeOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

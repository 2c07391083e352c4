import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Environment } from "../../operation/context.ts";
import type { Rendered } from "../../wire/rendered.ts";
import { answerHealth, healthPath } from "../health.ts";
import { arrive } from "./arrive.ts";
import { handle } from "./pipeline.ts";

export interface ListenerOptions {
  /** The environment of the moment: an ephemeral server that is reset has a new one. */
  readonly environment: () => Environment;
  /** Resolves when no reset is under way: a request that comes after one was answered meets the new state. */
  readonly settled: () => Promise<void> | null;
  /** PEM texts; without them the listener speaks plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly onDefect: (error: unknown) => void;
}

/** The listener of the API: everything but health goes through the pipeline. */
export function createListener(options: ListenerOptions): Server {
  const listener: RequestListener = (incoming, outgoing) => {
    void answer(options, incoming, outgoing).catch((error: unknown) => {
      options.onDefect(error);
      outgoing.destroy();
    });
  };
  const limits = {
    // A session token and a presigned URL fit easily; what is larger is no request of an AWS client.
    maxHeaderSize: 32 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    // Node refuses a second Host or Content-Length by itself; other duplicates must reach the signature as sent.
    joinDuplicateHeaders: true,
  };
  return options.tls === null
    ? createServer(limits, listener)
    : (createTlsServer({ ...limits, ...options.tls, minVersion: "TLSv1.2" }, listener) as unknown as Server);
}

async function answer(options: ListenerOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const waiting = options.settled();
  if (waiting !== null) await waiting;
  const environment = options.environment();
  if (incoming.url === healthPath) return answerHealth(environment, incoming, outgoing);
  const exchange = arrive(environment, incoming, outgoing);
  const rendered = await handle(exchange, options.onDefect);
  if (rendered !== null) send(outgoing, incoming, rendered);
  else outgoing.destroy();
}

function send(outgoing: ServerResponse, incoming: IncomingMessage, rendered: Rendered): void {
  const body = Buffer.from(rendered.body, "utf8");
  // A body that nobody read would be taken for the next request: the connection ends with this answer.
  const close = incoming.complete ? {} : { connection: "close" };
  outgoing.writeHead(rendered.status, { ...rendered.headers, ...close, "content-length": body.length });
  outgoing.end(body);
}

/** A request through the whole pipeline without a socket: what an HTTP parser would hand over, made by hand. */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { arrive } from "../../src/endpoints/api/arrive.ts";
import { handle } from "../../src/endpoints/api/pipeline.ts";
import type { Environment } from "../../src/operation/context.ts";
import type { Rendered } from "../../src/wire/rendered.ts";
import type { Sendable } from "./requests.ts";

export interface Outcome {
  /** Null when the server hung up without an answer. */
  readonly answer: Rendered | null;
  readonly milliseconds: number;
  /** What the server called its own defect. */
  readonly defects: readonly unknown[];
  /** Whether the signature was good. */
  readonly authenticated: boolean;
}

const socket = new Socket();

export async function pass(environment: Environment, request: Sendable): Promise<Outcome> {
  const incoming = new IncomingMessage(socket);
  incoming.method = request.method;
  incoming.url = request.target;
  incoming.rawHeaders = request.headers.flat();
  Object.assign(incoming, { joinDuplicateHeaders: true });
  if (request.body.length > 0) incoming.push(request.body);
  incoming.push(null);
  const defects: unknown[] = [];
  const started = performance.now();
  const exchange = arrive(environment, incoming, new ServerResponse(incoming));
  const answer = await handle(exchange, (error) => defects.push(error));
  return {
    answer,
    milliseconds: performance.now() - started,
    defects,
    authenticated: exchange.caller !== null,
  };
}

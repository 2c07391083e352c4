import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { Environment } from "../../operation/context.ts";
import { emptyHash, sha256BytesHex } from "../../sigv4/hash.ts";
import { BodyBudget } from "./body-budget.ts";
import type { Exchange } from "./exchange.ts";

const noBody = Buffer.alloc(0);

/** An exchange from a request head: nothing is judged here. */
export function arrive(
  environment: Environment,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  bodies: BodyBudget = new BodyBudget(),
): Exchange {
  const target = incoming.url ?? "/";
  const question = target.indexOf("?");
  const exchange: Exchange = {
    environment,
    incoming,
    outgoing,
    eventId: environment.ids.uuid(),
    bodies,
    signed: {
      method: incoming.method ?? "GET",
      path: question < 0 ? target : target.slice(0, question),
      query: question < 0 ? "" : target.slice(question + 1),
      headers: incoming.rawHeaders,
      bodyHash: () => (exchange.body.length === 0 ? emptyHash : sha256BytesHex(exchange.body)),
    },
    facts: {
      requestId: environment.ids.uuid(),
      region: "us-east-1",
      sourceIp: sourceIp(incoming),
      userAgent: incoming.headers["user-agent"],
      referer: incoming.headers.referer,
      secure: incoming.socket instanceof TLSSocket,
      host: incoming.headers.host,
      now: environment.clock.now(),
    },
    body: noBody,
    hold: null,
    signature: null,
    claim: null,
    service: null,
    contract: null,
    operation: null,
    parameters: null,
    caller: null,
    input: null,
    verdicts: [],
    asked: [],
    output: null,
    answer: null,
    fault: null,
    recorded: false,
    additional: undefined,
  };
  return exchange;
}

/** The peer's address; an IPv4 address that came over an IPv6 socket in its own form. */
function sourceIp(incoming: IncomingMessage): string {
  const address = incoming.socket.remoteAddress ?? "0.0.0.0";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}

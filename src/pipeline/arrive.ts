import type { Environment } from "../operation/context.ts";
import { Effort } from "../policy/effort.ts";
import { prefersJson } from "../wire/accept.ts";
import { emptyHash, sha256BytesHex } from "../sigv4/hash.ts";
import type { Arrival } from "../http/arrival.ts";
import type { BodyBudget } from "../http/body-budget.ts";
import type { Exchange } from "./stage.ts";

/** Of a request without a credential scope. */
export const unsignedRegion = "us-east-1";

/** An exchange from a request head: nothing is judged here. */
export function arrive(environment: Environment, arrival: Arrival, bodies: BodyBudget): Exchange {
  const { target } = arrival;
  const question = target.indexOf("?");
  const began = performance.now();
  const exchange: Exchange = {
    environment,
    arrival,
    eventId: environment.ids.uuid(),
    began,
    bodies,
    signed: {
      method: arrival.method,
      path: question < 0 ? target : target.slice(0, question),
      query: question < 0 ? "" : target.slice(question + 1),
      headers: arrival.headers,
      bodyHash: () => exchange.bodyHash ?? hashOf(exchange.body),
    },
    inJson: prefersJson(arrival.accept),
    facts: {
      requestId: environment.ids.uuid(),
      region: unsignedRegion,
      sourceIp: sourceIp(arrival.address),
      userAgent: arrival.userAgent,
      referer: arrival.referer,
      secure: arrival.secure,
      host: arrival.host,
      now: environment.clock.now(),
      effort: new Effort(),
    },
    asOf: began,
    service: undefined,
    signature: undefined,
    signedHost: undefined,
    claim: undefined,
    refusal: undefined,
    checks: undefined,
    about: undefined,
    aboutUser: undefined,
    hold: undefined,
    body: undefined,
    bodyHash: undefined,
    parameters: undefined,
    contract: undefined,
    operation: undefined,
    caller: undefined,
    input: undefined,
    attempt: undefined,
    output: undefined,
    answer: undefined,
    fault: undefined,
    inLine: false,
    record: "due",
  };
  return exchange;
}

function hashOf(body: Buffer | undefined): string {
  return body === undefined || body.length === 0 ? emptyHash : sha256BytesHex(body);
}

/** The peer's address; an IPv4 address that came over an IPv6 socket in its own form. */
function sourceIp(address = "0.0.0.0"): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}

import { Fault } from "../../contracts/fault.ts";
import { Contention, Unavailable } from "../../store/errors.ts";
import { trailRecords } from "../../trail/record.ts";
import type { Rendered } from "../../wire/rendered.ts";
import { bodyTooLarge } from "../../wire/xml-fault.ts";
import { authenticate, claim } from "./authenticate.ts";
import type { Exchange } from "./exchange.ts";
import { callFacts } from "./facts.ts";
import { perform } from "./perform.ts";
import { BodyTooLarge, ClientGone, receiveBody, TooManyBytesInFlight } from "./receive.ts";
import { route } from "./route.ts";
import { services } from "./services.ts";

type Step = (exchange: Exchange) => void | Promise<void>;

async function receive(exchange: Exchange): Promise<void> {
  exchange.body = await receiveBody(exchange.incoming);
}

function decode(exchange: Exchange): void {
  const { codec } = exchange.service!;
  exchange.input = codec.decode(exchange.contract!, { parameters: exchange.parameters, body: exchange.body });
}

function encode(exchange: Exchange): void {
  const { codec } = exchange.service!;
  exchange.answer = codec.encode(exchange.contract!, exchange.output, exchange.facts.requestId);
}

/** The one way through: nothing reaches an operation but by all of these, in this order. */
const steps: readonly Step[] = [claim, receive, route, authenticate, decode, perform, encode];

/**
 * Takes a request from its head to its answer, and writes its record. Never rejects: what went wrong is the answer.
 *
 * @param onDefect told of errors that are nobody's fault but ours
 */
export async function handle(exchange: Exchange, onDefect: (error: unknown) => void): Promise<Rendered | null> {
  let fault: Fault | null = null;
  try {
    for (const step of steps) {
      const pending = step(exchange);
      if (pending !== undefined) await pending;
      if (exchange.answer !== null) break;
    }
  } catch (error) {
    if (error instanceof ClientGone) return null;
    if (error instanceof BodyTooLarge) exchange.answer = bodyTooLarge;
    else fault = asFault(error, onDefect);
  }
  record(exchange, fault);
  if (fault === null) return exchange.answer;
  return (exchange.service ?? services.sts).codec.renderFault(fault, exchange.facts.requestId);
}

/** Requests that name no operation (a browser, a health probe gone astray) leave no record; every other one does. */
function record(exchange: Exchange, fault: Fault | null): void {
  if (exchange.recorded) return;
  if (fault === null && exchange.contract === null) return;
  const { trail, ids } = exchange.environment;
  const said = fault === null ? null : { code: fault.code, message: fault.message };
  trail.append(trailRecords(callFacts(exchange, fault === null ? exchange.output : null, said), ids));
}

function asFault(error: unknown, onDefect: (error: unknown) => void): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TooManyBytesInFlight) return unavailable();
  if (error instanceof Contention || error instanceof Unavailable) {
    onDefect(error);
    return unavailable(error);
  }
  onDefect(error);
  return new Fault("InternalFailure", 500, "The request processing has failed because of an unknown error.", {
    cause: error,
  });
}

/** IAM API Reference, Common Errors. */
function unavailable(cause?: unknown): Fault {
  return new Fault("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.", {
    cause,
  });
}

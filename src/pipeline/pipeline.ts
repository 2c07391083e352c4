import { mayAnswer } from "../contracts/errors.ts";
import { Fault } from "../contracts/fault.ts";
import { Contention, Unavailable, Unstorable } from "../store/sql/errors.ts";
import { payerOf } from "../session/actor.ts";
import { after } from "../store/sql/eventual.ts";
import { briefRecords, trailRecords } from "../trail/record.ts";
import type { Rendered } from "../wire/rendered.ts";
import { bodyTooLarge } from "../wire/xml-fault.ts";
import { authenticate, claim, recognize } from "./authenticate.ts";
import type { Exchange } from "./exchange.ts";
import { leaveLine, standInLine, takeLargeBody } from "./costly.ts";
import { callFacts } from "./facts.ts";
import { perform } from "./perform.ts";
import { Overload } from "../http/overload.ts";
import { bodyLimit, BodyTooLarge, ClientGone, unsignedLimit, withoutHalfEscape } from "../http/receive.ts";
import { route } from "./route.ts";
import { defaultServices } from "../services/services.ts";
import { throttle } from "./throttle.ts";

type Step = (exchange: Exchange) => void | Promise<void>;

/** Nothing is answered that could not be recorded: while the trail cannot be written, its queue is all there is. */
function requireTrail(exchange: Exchange): void {
  const { trail } = exchange.environment;
  if (trail.holds ? trail.exhausted : trail.full) refuseUnrecorded(exchange);
}

/** Where the trail holds back what is not a change, its queue being full is no reason to refuse a change. */
function requireRoom(exchange: Exchange): void {
  if (exchange.environment.trail.full && exchange.operation?.writes !== true) refuseUnrecorded(exchange);
}

function refuseUnrecorded(exchange: Exchange): never {
  exchange.countedOnly = true;
  throw new Overload("the trail cannot take another record");
}

/**
 * A node that the others may have stopped to count on does nothing before it has caught up with them: it may stand where
 * they went on from, and its time with it.
 */
function requireCurrent(exchange: Exchange, at: number = exchange.began): void | Promise<void> {
  const { node, clock } = exchange.environment;
  if (node.isCurrent(at)) return;
  return node.renew().then(() => {
    exchange.facts.now = clock.now();
  });
}

function receive(exchange: Exchange): void | Promise<void> {
  const signed = exchange.claim !== null;
  exchange.hold = exchange.bodies.hold(signed);
  const received = exchange.arrival.receive(exchange.hold, signed ? bodyLimit : unsignedLimit);
  if (!(received instanceof Promise)) {
    exchange.body = signed ? received : withoutHalfEscape(received);
    return;
  }
  return received.then(async (body) => {
    exchange.body = signed ? body : withoutHalfEscape(body);
    await takeLargeBody(exchange);
    // A body may take as long as its timeout allows: what its head's credentials were meanwhile deprived of is gone.
    return after(requireCurrent(exchange, performance.now()), () => recognize(exchange));
  });
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
const steps: readonly Step[] = [
  requireTrail,
  (exchange) => requireCurrent(exchange),
  claim,
  receive,
  route,
  authenticate,
  throttle,
  standInLine,
  decode,
  requireRoom,
  perform,
  encode,
];

/** Told of each request's answer; null when the client went away before there was one. Never throws. */
type End = (exchange: Exchange, rendered: Rendered | null) => void;

/**
 * Takes requests from their heads to their answers, and writes their records. What went wrong with one is its answer. All
 * take a step before any takes the next: a processor that has just run a step runs it again in half the time, because its
 * caches hold the code. One that has to wait goes on by itself. Where a step does not wait there is no promise, which would
 * cost more than some steps.
 *
 * @param onDefect told of errors that are nobody's fault but ours
 */
export function handleTogether(exchanges: readonly Exchange[], onDefect: (error: unknown) => void, end: End): void {
  const finish = (exchange: Exchange, error: unknown): void => end(exchange, answerOf(exchange, error, onDefect));
  let going = exchanges;
  for (let index = 0; index < steps.length; index++) {
    const further: Exchange[] = [];
    for (const exchange of going) {
      try {
        const pending = steps[index]!(exchange);
        if (pending !== undefined) {
          void goOn(exchange, pending, index + 1).then(
            () => finish(exchange, null),
            (error: unknown) => finish(exchange, error),
          );
        } else if (exchange.answer === null) further.push(exchange);
        else finish(exchange, null);
      } catch (error) {
        finish(exchange, error);
      }
    }
    going = further;
  }
}

/** What follows on a step that waits, up to the answer. @param next index of the step behind it */
async function goOn(exchange: Exchange, pending: Promise<void>, next: number): Promise<void> {
  await pending;
  for (let index = next; index < steps.length && exchange.answer === null; index++) await steps[index]!(exchange);
}

/** The answer to a request that has taken its steps, or was stopped by an error; null where none can be given. */
function answerOf(exchange: Exchange, error: unknown, onDefect: (error: unknown) => void): Rendered | null {
  try {
    if (error instanceof ClientGone) return null;
    if (error instanceof BodyTooLarge) exchange.answer = bodyTooLarge;
    else if (error !== null) exchange.fault = asFault(error, exchange, onDefect);
    return conclude(exchange, onDefect);
  } catch (defect) {
    // What cannot be recorded, not even in brief, is not answered.
    onDefect(defect);
    return null;
  } finally {
    // What came of it is in the trail's own queue by now, which has a bound of its own.
    exchange.hold?.release();
    leaveLine(exchange);
  }
}

/** Records the call and gives its answer. */
function conclude(exchange: Exchange, onDefect: (error: unknown) => void): Rendered | null {
  const { fault } = exchange;
  record(exchange, onDefect);
  if (fault === null) return exchange.answer;
  const rendered = (exchange.service ?? defaultServices.query).codec.renderFault(fault, exchange.facts.requestId);
  return fault.status === 503 ? { ...rendered, headers: { ...rendered.headers, "retry-after": retryAfter } } : rendered;
}

/** Of a request that names no operation: a browser, a probe gone astray, a body too large to look for one. */
const noOperation = { code: "NoOperation", message: "" };

/** Requests that name no operation are counted; every other one has a record, or is counted where nobody vouches for it. */
function record(exchange: Exchange, onDefect: (error: unknown) => void): void {
  const { fault } = exchange;
  if (exchange.recorded) return;
  const { trail, ids } = exchange.environment;
  if (fault === null && exchange.contract === null) return trail.count(callFacts(exchange, null, noOperation));
  const said = fault === null ? null : { code: fault.code, message: fault.message };
  const facts = callFacts(exchange, fault === null ? exchange.output : null, said);
  if (exchange.countedOnly) return trail.count(facts);
  if (facts.caller === null) return trail.appendOfNobody(facts, () => trailRecords(facts, ids)[0]!.text);
  try {
    trail.append(trailRecords(facts, ids), payerOf(facts.caller));
  } catch (defect) {
    onDefect(defect);
    trail.append(briefRecords(facts, ids, defect), payerOf(facts.caller));
  }
  exchange.recorded = true;
}

function asFault(error: unknown, exchange: Exchange, onDefect: (error: unknown) => void): Fault {
  const { service } = exchange;
  if (error instanceof Fault) {
    if (!isForeseen(error, exchange)) onDefect(new Error(`no contract lists ${error.code}`, { cause: error }));
    return error;
  }
  if (error instanceof Overload) return unavailable(error);
  if (error instanceof Unstorable) return (service ?? defaultServices.query).codec.unstorable();
  if (error instanceof Contention || error instanceof Unavailable) {
    onDefect(error);
    return unavailable(error);
  }
  onDefect(error);
  return new Fault("InternalFailure", 500, "The request processing has failed because of an unknown error.", {
    cause: error,
  });
}

/** Whether the contract lets its operation answer so. What stops a request before it has an input is the pipeline's. */
function isForeseen({ code }: Fault, { service, contract, input }: Exchange): boolean {
  return input === null || mayAnswer(service!.codec.contract, contract!, code);
}

/** Seconds (RFC 9110 §10.2.3). */
const retryAfter = "1";

/** IAM API Reference, Common Errors. */
function unavailable(cause?: unknown): Fault {
  return new Fault("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.", {
    cause,
  });
}

import { mayAnswer } from "../contracts/errors.ts";
import { Fault } from "../contracts/fault.ts";
import { Overload } from "../http/overload.ts";
import { BodyTooLarge, ClientGone } from "../http/receive.ts";
import { defaultServices } from "../services/services.ts";
import { payerOf } from "../session/actor.ts";
import { Contention, Unavailable, Unstorable } from "../store/sql/errors.ts";
import { briefRecords, trailRecords } from "../trail/record.ts";
import type { Rendered } from "../wire/rendered.ts";
import { bodyTooLarge } from "../wire/xml-fault.ts";
import { leaveLine } from "./costly.ts";
import { callFacts } from "./facts.ts";
import { advance } from "./stage.ts";
import type { Exchange } from "./stage.ts";

/** The answer to a request that has taken its steps, or was stopped by an error; null where none can be given. */
export function answerOf(exchange: Exchange, error: unknown, onDefect: (error: unknown) => void): Rendered | null {
  try {
    if (error instanceof ClientGone) return null;
    if (error instanceof BodyTooLarge) advance(exchange, { answer: bodyTooLarge });
    else if (error !== null) advance(exchange, { fault: asFault(error, exchange, onDefect) });
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
  if (fault === undefined) return exchange.answer ?? null;
  const { codec } = exchange.service ?? defaultServices.query;
  const rendered = codec.renderFault(fault, exchange.facts.requestId, exchange.inJson);
  return fault.status === 503 ? { ...rendered, headers: { ...rendered.headers, "retry-after": retryAfter } } : rendered;
}

/** Of a request that names no operation: a browser, a probe gone astray, a body too large to look for one. */
const noOperation = { code: "NoOperation", message: "" };

/** Requests that name no operation are counted; every other one has a record, or is counted where nobody vouches for it. */
function record(exchange: Exchange, onDefect: (error: unknown) => void): void {
  const { fault } = exchange;
  if (exchange.record === "made") return;
  const { trail, ids } = exchange.environment;
  if (fault === undefined && exchange.contract === undefined)
    return trail.count(callFacts(exchange, null, noOperation));
  const said = fault === undefined ? null : { code: fault.code, message: fault.message };
  const facts = callFacts(exchange, fault === undefined ? (exchange.output ?? null) : null, said);
  if (exchange.record === "counted") return trail.count(facts);
  if (facts.caller === null) return trail.appendOfNobody(facts, () => trailRecords(facts, ids)[0].text);
  try {
    trail.append(trailRecords(facts, ids), payerOf(facts.caller));
  } catch (defect) {
    onDefect(defect);
    trail.append(briefRecords(facts, ids, defect), payerOf(facts.caller));
  }
  advance(exchange, { record: "made" });
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
  if (input === undefined || service === undefined || contract === undefined) return true;
  return mayAnswer(service.codec.contract, contract, code);
}

/** Seconds (RFC 9110 §10.2.3). */
const retryAfter = "1";

/** IAM API Reference, Common Errors. */
function unavailable(cause?: unknown): Fault {
  return new Fault("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.", {
    cause,
  });
}

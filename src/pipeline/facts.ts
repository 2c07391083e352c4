import { defaultServices } from "../services/services.ts";
import type { CallFacts } from "../trail/facts.ts";
import type { Exchange } from "./exchange.ts";

/** What the trail says of a call. */
export function callFacts(
  exchange: Exchange,
  output: object | null,
  fault: { code: string; message: string } | null,
): CallFacts {
  const { facts } = exchange;
  return {
    eventId: exchange.eventId,
    requestId: facts.requestId,
    now: facts.now,
    operation: (exchange.service ?? defaultServices.query).recorded(exchange.contract),
    region: facts.region,
    sourceIp: facts.sourceIp,
    userAgent: facts.userAgent,
    secure: facts.secure,
    host: facts.host,
    caller: exchange.caller,
    claimedAccessKeyId: exchange.signature?.accessKeyId,
    fallbackAccount: exchange.environment.operatorAccount,
    // The input of a request that nobody vouches for is not kept.
    input: exchange.caller === null ? null : exchange.input,
    output,
    fault,
    verdicts: exchange.verdicts,
    asked: exchange.asked,
    additional: exchange.additional,
    concerned: exchange.concerned,
  };
}

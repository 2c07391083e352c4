import type { CallFacts } from "../trail/facts.ts";
import type { Exchange } from "./exchange.ts";

const readsOnly = /^(?:Get|List|Describe|Lookup|Simulate|AssumeRole|Decode|Explain|Authorize$)/;
/** These look like reads and are not, in CloudTrail's eyes (IAM User Guide, cloudtrail-integration). */
const countsAsWrite = new Set(["GetSessionToken", "GetFederationToken", "AssumeRoot"]);

/** By operation; only names of contracts come here. */
const known = new Map<string, boolean>();

function isReadOnly(operation: string): boolean {
  let answer = known.get(operation);
  if (answer === undefined) {
    answer = readsOnly.test(operation) && !countsAsWrite.has(operation);
    known.set(operation, answer);
  }
  return answer;
}

/** What the trail says of a call. */
export function callFacts(
  exchange: Exchange,
  output: object | null,
  fault: { code: string; message: string } | null,
): CallFacts {
  const { facts } = exchange;
  const operation = exchange.contract?.name ?? "Unknown";
  return {
    eventId: exchange.eventId,
    requestId: facts.requestId,
    now: facts.now,
    service: exchange.service?.name ?? "sts",
    operation,
    readOnly: isReadOnly(operation),
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

import { defaultServices } from "../services/services.ts";
import { CredentialFault } from "../session/invalid-token.ts";
import type { CallFacts } from "../trail/facts.ts";
import type { Exchange } from "./stage.ts";

/** What the trail says of a call. */
export function callFacts(
  exchange: Exchange,
  output: object | null,
  fault: { code: string; message: string } | null,
): CallFacts {
  const { attempt, caller, facts } = exchange;
  return {
    eventId: exchange.eventId,
    requestId: facts.requestId,
    now: facts.now,
    operation: (exchange.service ?? defaultServices.query).recorded(exchange.contract ?? null),
    region: facts.region,
    sourceIp: facts.sourceIp,
    userAgent: facts.userAgent,
    secure: facts.secure,
    host: facts.host,
    caller: caller ?? null,
    claimedAccessKeyId: exchange.signature?.accessKeyId,
    aboutAccount: aboutAccount(exchange),
    aboutUser: exchange.aboutUser,
    fallbackAccount: exchange.environment.operatorAccount,
    // The input of a request that nobody vouches for is not kept.
    input: caller === undefined ? null : (exchange.input ?? null),
    output,
    fault,
    verdicts: attempt?.verdicts ?? [],
    asked: attempt?.asked ?? [],
    additional: additionalOf(exchange),
    concerned: attempt?.concerned ?? [],
  };
}

/** Why a proof was none is told to the account that it was about, with all that was looked at until then. */
function additionalOf({ attempt, caller, checks, fault }: Exchange): CallFacts["additional"] {
  if (fault === undefined || checks === undefined || checks.made.length === 0) return attempt?.additional;
  return caller === undefined ? { checks: checks.made } : { ...attempt?.additional, checks: checks.made };
}

/** Where nobody is proven to have sent it: whose credentials it came with, or whom its claim is about. */
function aboutAccount({ about, fault }: Exchange): string | undefined {
  return about ?? (fault instanceof CredentialFault ? fault.account : undefined);
}

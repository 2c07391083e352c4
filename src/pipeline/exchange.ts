import type { Verdict } from "../authorization/authorizer.ts";
import type { Fault } from "../contracts/fault.ts";
import type { OperationContract } from "../contracts/model.ts";
import type { Environment, RequestFacts } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import type { Actor } from "../session/actor.ts";
import type { Claim } from "../session/verification.ts";
import type { ParsedSignature, SignedRequestInput } from "../sigv4/request.ts";
import type { ConcernedAccount } from "../trail/facts.ts";
import type { QueryParameters } from "../wire/query-scan.ts";
import type { Rendered } from "../wire/rendered.ts";
import type { Arrival } from "../http/arrival.ts";
import type { BodyBudget, BodyHold } from "../http/body-budget.ts";
import type { Service } from "../services/service.ts";

/** One request on its way through the steps; each step fills in what the next ones need. */
export interface Exchange {
  readonly environment: Environment;
  readonly arrival: Arrival;
  readonly eventId: string;
  /** When it came, in milliseconds of performance.now(). */
  readonly began: number;
  readonly bodies: BodyBudget;
  /** The head as it arrived: path and query still encoded, headers in order. */
  readonly signed: SignedRequestInput;
  /** Its region is known once the signature is read. */
  readonly facts: { -readonly [Fact in keyof RequestFacts]: RequestFacts[Fact] };
  body: Buffer;
  /** Made on another thread, where the body is large. */
  bodyHash: string | null;
  /** Whether it has, or waits for, its turn among what is costly. */
  inLine: boolean;
  /** What the body takes of `bodies`, until the answer is made. */
  hold: BodyHold | null;
  /** Null for an unsigned request. */
  signature: ParsedSignature | null;
  claim: Claim | null;
  /** Which service answers; faults take its shape. */
  service: Service | null;
  contract: OperationContract | null;
  operation: Operation | null;
  parameters: QueryParameters | null;
  /** Set once the signature is verified. */
  caller: Actor | null;
  input: object | null;
  verdicts: Verdict[];
  /** Decisions that an operation made for somebody else (rolecall:Authorize). */
  asked: Verdict[];
  /** Other accounts that those were about, which have a record of it. */
  concerned: readonly ConcernedAccount[];
  output: object | null;
  /** The answer; a step that sets it ends the way. */
  answer: Rendered | null;
  /** Why it was refused; the answer is rendered from it. */
  fault: Fault | null;
  /** There is a record: that of a change is in its transaction, before the answer is made. */
  recorded: boolean;
  /** There can be no record: it is only counted. */
  countedOnly: boolean;
  additional: Record<string, unknown> | undefined;
}

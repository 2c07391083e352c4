import type { Verdict } from "../authorization/authorizer.ts";
import type { Fault } from "../contracts/fault.ts";
import type { OperationContract } from "../contracts/model.ts";
import type { Checks } from "../federation/checks.ts";
import type { Arrival } from "../http/arrival.ts";
import type { BodyBudget, BodyHold } from "../http/body-budget.ts";
import type { Environment, RequestFacts } from "../operation/context.ts";
import type { Operation } from "../operation/operation.ts";
import type { Service } from "../services/service.ts";
import type { Actor } from "../session/actor.ts";
import type { Claim } from "../session/verification.ts";
import type { ParsedSignature, SignedRequestInput } from "../sigv4/request.ts";
import type { ConcernedAccount } from "../trail/facts.ts";
import type { QueryParameters } from "../wire/query-scan.ts";
import type { Rendered } from "../wire/rendered.ts";

/**
 * One request, and what is known of it so far. What a step has not found out yet is undefined; null says that there is
 * none. The end of a request (its record, its line in the log, its count) reads it wherever its way has ended; a step is
 * given a stage, in which what it needs is there.
 */
export interface Exchange {
  readonly environment: Environment;
  readonly arrival: Arrival;
  readonly eventId: string;
  /** When it came, in milliseconds of performance.now(). */
  readonly began: number;
  readonly bodies: BodyBudget;
  /** The head as it arrived: path and query still encoded, headers in order. */
  readonly signed: SignedRequestInput;
  /** Whether it asks for an answer in JSON where XML is the usual one. */
  readonly inJson: boolean;
  /** Its region is known once the signature is read. */
  readonly facts: { -readonly [Fact in keyof RequestFacts]: RequestFacts[Fact] };
  /**
   * When its credentials were looked up, in milliseconds of performance.now(). What it goes by is no older; what was read
   * of its account since then is not asked for again.
   */
  readonly asOf: number;
  /** Which service answers; faults take its shape. */
  readonly service: Service | undefined;
  readonly signature: ParsedSignature | undefined;
  /** The host that it was signed for, where that alone is why its signature does not match. */
  readonly signedHost: string | undefined;
  /** Who says to have sent it; null where nobody does. */
  readonly claim: Claim | null | undefined;
  /** Why the proof in its head is none; what needs no proof there is asked for in spite of it. */
  readonly refusal: Fault | undefined;
  /** What was looked at of a proof in its input. */
  readonly checks: Checks | undefined;
  /** The account that somebody who is not proven to be anybody is known to be about. */
  readonly about: string | undefined;
  /** The user of that account that he says to be, where there is one. */
  readonly aboutUser: string | undefined;
  /** What the body takes of `bodies`, until the answer is made. */
  readonly hold: BodyHold | undefined;
  readonly body: Buffer | undefined;
  /** Made on another thread, where the body is large. */
  readonly bodyHash: string | undefined;
  readonly parameters: QueryParameters | null | undefined;
  readonly contract: OperationContract | undefined;
  /** What is behind the contract's operation; null where it is not built. */
  readonly operation: Operation | null | undefined;
  readonly caller: Actor | undefined;
  readonly input: object | undefined;
  readonly attempt: Attempt | undefined;
  readonly output: object | undefined;
  /** The answer; a step that gives one ends the way. */
  readonly answer: Rendered | undefined;
  /** Why it was refused; the answer is rendered from it. */
  readonly fault: Fault | undefined;
  /** Whether it has, or waits for, its turn among what is costly. */
  readonly inLine: boolean;
  /** `made`: that of a change is in its transaction, before the answer is. `counted`: there can be none. */
  readonly record: "due" | "made" | "counted";
}

/** What the latest attempt to perform it has left; a transaction that is run again begins with a new one. */
export interface Attempt {
  readonly verdicts: Verdict[];
  /** Decisions that an operation made for somebody else (rolecall:Authorize). */
  readonly asked: Verdict[];
  /** Other accounts that those were about, which have a record of it. */
  readonly concerned: ConcernedAccount[];
  additional: Readonly<Record<string, unknown>> | undefined;
}

/** Its head is read. */
export interface Identified extends Exchange {
  readonly claim: Claim | null;
}

export interface Received extends Identified {
  readonly body: Buffer;
}

/** What it asks for is known. */
export interface Routed extends Received {
  readonly service: Service;
  readonly contract: OperationContract;
  readonly operation: Operation | null;
  readonly parameters: QueryParameters | null;
}

/** There is something behind the operation. */
export interface Built extends Routed {
  readonly operation: Operation;
}

/** Its input is what the contract says. */
export interface Decoded extends Built {
  readonly input: object;
}

/** Who sent it is proven. */
export interface Proven extends Routed {
  readonly caller: Actor;
}

/** Proven, and of an operation that is there. */
export type Authenticated = Proven & Built;

/** Nothing is missing for the operation to run. */
export type Ready = Proven & Decoded;

/** In a transaction, or on the way to one. */
export type Attempted = Ready & { readonly attempt: Attempt };

export type Performed = Ready & { readonly output: object };

export interface Answered extends Exchange {
  readonly answer: Rendered;
}

/**
 * The next stage: the same object, for one that is made anew at every step would cost the hot path more than some steps.
 * It is written to here and nowhere else.
 */
export function advance<From extends Exchange, More extends Partial<Exchange>>(stage: From, more: More): From & More {
  return Object.assign(stage, more);
}

/** Begins to perform it, or begins anew: what an earlier attempt has left is forgotten. */
export function attempt(stage: Ready): Attempted {
  return advance(stage, { attempt: { verdicts: [], asked: [], concerned: [], additional: undefined } });
}

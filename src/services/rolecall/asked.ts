import { createHash } from "node:crypto";
import type { RequestSource } from "../../authorization/context-sources.ts";
import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { VerifiedRequest } from "../../session/verification.ts";
import { layoutOf } from "../../sigv4/header-layout.ts";
import type { SignedRequestInput } from "../../sigv4/request.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { authenticatedCaller } from "./authenticated-caller.ts";
import type { Verified } from "./authorize-answer.ts";
import { validation } from "./faults.ts";

type AuthorizeRequest = RolecallOperations["Authorize"]["input"];

const emptyBodyHash = createHash("sha256").digest("hex");

/** Whom a question is about, and what is known of the request that it comes from. */
export interface Asked extends Verified {
  readonly source: RequestSource;
}

/** @throws Fault ValidationException unless it is about one */
export function asking(input: AuthorizeRequest, context: OperationContext): Eventual<Asked | Fault> {
  const { Request: received, Token: token } = input;
  if ((received === undefined) === (token === undefined)) throw validation("Give either Request or Token.");
  if (received === undefined) return askedWith(token!, input, context);
  const signed = signedRequest(received);
  return gather(
    () => tryVerify(input, signed, context),
    (verified) => {
      if (verified instanceof Fault) return verified;
      const { bodySigned, caller } = verified;
      return { bodySigned, caller, source: requestSource(signed.headers, context, verified) };
    },
  );
}

/** Nothing is known of the request behind a token, but where it came to. */
async function askedWith(token: string, input: AuthorizeRequest, context: OperationContext): Promise<Asked | Fault> {
  const caller = await authenticatedCaller(token, input.Service, context);
  if (caller instanceof Fault) return caller;
  const { effort, now, region } = context.request;
  const source = { now, sourceIp: undefined, userAgent: undefined, referer: undefined, secure: undefined, effort };
  return { caller, bodySigned: undefined, source: { ...source, region: input.Region ?? region } };
}

function tryVerify(
  input: AuthorizeRequest,
  signed: SignedRequestInput,
  context: OperationContext,
): Eventual<VerifiedRequest | Fault> {
  const refused = (error: unknown): Fault => {
    if (error instanceof Fault) return error;
    throw error;
  };
  try {
    const { verifier } = context.environment;
    const expected = { service: input.Service, region: input.Region };
    const verified = verifier.verify(context.tx, signed, expected, context.request.now);
    return verified instanceof Promise ? verified.catch(refused) : verified;
  } catch (error) {
    return refused(error);
  }
}

function signedRequest(received: NonNullable<AuthorizeRequest["Request"]>): SignedRequestInput {
  const question = received.Url.indexOf("?");
  const headers: string[] = [];
  for (const { Name: name, Value: value } of received.Headers) headers.push(name, value);
  return {
    method: received.Method,
    path: question < 0 ? received.Url : received.Url.slice(0, question),
    query: question < 0 ? "" : received.Url.slice(question + 1),
    headers,
    bodyHash: () => received.BodySha256?.toLowerCase() ?? emptyBodyHash,
  };
}

/**
 * What is known of the received request: its client's headers. Where it came from and how (aws:SourceIp,
 * aws:SecureTransport) only the service has seen: it gives them as context keys, or they are absent.
 */
function requestSource(
  headers: readonly string[],
  context: OperationContext,
  { signature }: VerifiedRequest,
): RequestSource {
  const layout = layoutOf(headers);
  const header = (name: string): string | undefined => {
    const [place] = layout.placesOf(name);
    return place === undefined ? undefined : headers[place];
  };
  return {
    now: context.request.now,
    sourceIp: undefined,
    userAgent: header("user-agent"),
    referer: header("referer"),
    secure: undefined,
    region: signature.scope.region,
    effort: context.request.effort,
  };
}

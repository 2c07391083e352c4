import { createHash } from "node:crypto";
import { denialMessage } from "../../authorization/denial.ts";
import type { RequestSource } from "../../authorization/context-keys.ts";
import type { Verdict } from "../../authorization/authorizer.ts";
import type { Requirement } from "../../authorization/requirement.ts";
import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { checkGrammar, compile, PolicyGrammarError } from "../../policy/index.ts";
import type { CompiledPolicy, ContextValue } from "../../policy/types.ts";
import type { Caller } from "../../session/caller.ts";
import type { VerifiedRequest } from "../../session/verification.ts";
import { principalArn, userId } from "../../session/principal.ts";
import { layoutOf } from "../../sigv4/header-layout.ts";
import type { SignedRequestInput } from "../../sigv4/request.ts";
import { after } from "../../store/eventual.ts";
import type { Eventual } from "../../store/eventual.ts";
import { validation } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";

type AuthorizeRequest = RolecallOperations["Authorize"]["input"];
type AuthorizeResponse = RolecallOperations["Authorize"]["output"];

const emptyBodyHash = createHash("sha256").digest("hex");

/** Services of this server: a request signed for one of them must never be replayed through a service outside. */
const ownServices = new Set(["iam", "sts", "rolecall"]);

/** Context keys that rolecall knows better than the service that asks. */
const ownKeys =
  /^aws:(?:principal|userid$|username$|tokenissuetime$|multifactorauth|sourceidentity$|federatedprovider$)/i;

/**
 * A service outside received a request, knows no keys, and asks: who signed this, and may they do that? Verification
 * and decision are the very ones that guard rolecall's own operations. The caller of Authorize is the service; it needs
 * rolecall:Authorize on itself (`service/NAME`).
 */
export const authorize = operation("rolecall", "Authorize", {
  writes: false,
  authorize: (input, _loaded, context) => ownRequirement(context, "Authorize", `service/${input.Service}`),
  handle(input, _loaded, context) {
    if (ownServices.has(input.Service)) {
      throw validation(`Service must be the name of your own service, not ${input.Service}.`);
    }
    refuseOwnKeys(input);
    const resourcePolicy = compileResourcePolicy(input, context.partition);
    const signed = signedRequest(input);
    return after(tryVerify(input, signed, context), (received) =>
      received instanceof Fault
        ? notVerified(received, context)
        : decide(input, context, received, requestSource(signed.headers, context, received), resourcePolicy),
    );
  },
});

/** A request that nobody vouches for is an answer to the service, not a fault of its own request. */
function notVerified({ code, status, message }: Fault, context: OperationContext): AuthorizeResponse {
  context.trailNote({ verified: false, fault: code });
  return {
    Verified: false,
    Allowed: false,
    Decisions: [],
    Fault: { Code: code, Status: status, Message: message },
    EventId: context.request.requestId,
  };
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

function signedRequest({ Request: received }: AuthorizeRequest): SignedRequestInput {
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

function decide(
  input: AuthorizeRequest,
  context: OperationContext,
  { caller }: VerifiedRequest,
  source: RequestSource,
  resourcePolicy: CompiledPolicy | null,
): Eventual<AuthorizeResponse> {
  const verdicts: Verdict[] = [];
  const decided = (verdict: Verdict): void => {
    context.alsoDecided(verdict);
    verdicts.push(verdict);
  };
  const requirement = requirementOf(input, context, resourcePolicy);
  const { authorizer } = context.environment;
  return after(authorizer.decideEach(context.tx, caller, requirement, input.Resources, source, decided), () =>
    describe(caller, verdicts, context),
  );
}

/** The verdicts on all resources as one answer. */
function describe(caller: Caller, verdicts: readonly Verdict[], context: OperationContext): AuthorizeResponse {
  let refusal: string | undefined;
  const decisions = verdicts.map(({ requirement, decision }) => {
    const { outcome, allowed, layer } = decision;
    const message = allowed ? undefined : denialMessage(caller, requirement, decision);
    refusal ??= message;
    return { Resource: requirement.resource, Outcome: outcome, Layer: layer ?? undefined, Message: message };
  });
  const { session } = caller;
  context.trailNote({
    verified: true,
    allowed: refusal === undefined,
    askedFor: { arn: principalArn(caller), principalId: userId(caller), originArn: session?.origin.arn },
  });
  return {
    Verified: true,
    Allowed: refusal === undefined,
    Principal: {
      Type: principalType(caller),
      Arn: principalArn(caller),
      UserId: userId(caller),
      Account: caller.account,
      SourceIdentity: session?.sourceIdentity,
      OriginArn: session?.origin.arn,
    },
    Decisions: decisions,
    Fault: refusal === undefined ? undefined : { Code: "AccessDenied", Status: 403, Message: refusal },
    EventId: context.request.requestId,
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
  };
}

function requirementOf(
  input: AuthorizeRequest,
  context: OperationContext,
  resourcePolicy: CompiledPolicy | null,
): Omit<Requirement, "resource"> {
  const further: Record<string, ContextValue> = {};
  for (const { Key: key, Values: values } of input.Context ?? []) {
    if (values.length > 0) further[key] = values.length === 1 ? values[0]! : values;
  }
  return {
    action: input.Action,
    resourceAccount: input.ResourceAccount ?? context.account,
    resourceTags: input.ResourceTags?.map((tag) => ({ key: tag.Key, value: tag.Value })),
    context: further,
    resourcePolicy,
  };
}

function refuseOwnKeys(input: AuthorizeRequest): void {
  for (const { Key: key } of input.Context ?? []) {
    if (ownKeys.test(key)) throw validation(`The context key ${key} is rolecall's to fill: leave it out.`);
  }
}

function compileResourcePolicy(input: AuthorizeRequest, partition: string): CompiledPolicy | null {
  if (input.ResourcePolicy === undefined) return null;
  try {
    checkGrammar(input.ResourcePolicy, "resource", { partitions: [partition] });
    return compile(input.ResourcePolicy, "resource", { id: "resource policy" });
  } catch (error) {
    if (error instanceof PolicyGrammarError) throw new Fault("MalformedPolicyDocument", 400, error.message);
    throw error;
  }
}

function principalType(caller: Caller): "Root" | "User" | "RoleSession" | "FederatedUser" {
  const { type } = caller.principal;
  if (type === "Root" || type === "User" || type === "RoleSession" || type === "FederatedUser") return type;
  throw new Error(`a ${type} principal cannot sign`);
}

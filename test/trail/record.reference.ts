/** The records as plain objects: what the text that trail/record.ts and trail/sidecar.ts write must mean. */
import type { Verdict } from "../../src/authorization/authorizer.ts";
import { isoSeconds } from "../../src/clock/iso.ts";
import { accessKeyOf } from "../../src/session/actor.ts";
import type { Actor } from "../../src/session/actor.ts";
import { cloudTrailDate } from "../../src/trail/elements.ts";
import { foreignIdentity, hatChain, userIdentity } from "../../src/trail/identity.ts";
import type { CallFacts } from "../../src/trail/facts.ts";

const secret =
  /^(?:secretaccesskey|sessiontoken|(?:old|new)?password|tokencode|webidentitytoken|samlassertion|privatekey|headers|signature)$/i;

function elements(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return cloudTrailDate(value);
  if (value instanceof Uint8Array) return "HIDDEN_DUE_TO_SECURITY_REASONS";
  if (Array.isArray(value)) return value.map(elements);
  const kept = Object.entries(value).filter(([name]) => !secret.test(name));
  return Object.fromEntries(
    kept.map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), elements(member)]),
  );
}

export interface Place {
  readonly eventId: string;
  readonly account: string;
  readonly shared?: string | undefined;
  /** The record of the account that the call acted on from outside. */
  readonly foreign?: boolean;
}

export function referenceEvent(facts: CallFacts, place: Place): object {
  const { caller, fault, verdicts } = facts;
  const { eventSource, eventName, readOnly } = facts.operation;
  const answers = !readOnly || eventName.startsWith("AssumeRole");
  const role = fault === null ? verdicts.find(({ requirement }) => requirement.action === "sts:AssumeRole") : undefined;
  const unknown = { type: "Unknown", principalId: "", accountId: "", accessKeyId: facts.claimedAccessKeyId };
  return plain({
    eventVersion: "1.11",
    userIdentity: caller === null ? unknown : place.foreign ? foreignIdentity(caller) : userIdentity(caller),
    eventTime: isoSeconds(facts.now),
    eventSource,
    eventName,
    awsRegion: facts.region,
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent,
    errorCode: fault?.code,
    errorMessage: fault?.message,
    requestParameters: facts.input === null ? null : elements(facts.input),
    responseElements: facts.output !== null && answers ? elements(facts.output) : null,
    additionalEventData: {
      ...facts.additional,
      hats: hatChain(caller?.session ?? null),
      RequestDetails: { awsServingRegion: facts.region, endpointType: "regional" },
    },
    requestID: facts.requestId,
    eventID: place.eventId,
    readOnly,
    resources: role && [
      { accountId: role.requirement.resourceAccount, type: "AWS::IAM::Role", ARN: role.requirement.resource },
    ],
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: place.account,
    sharedEventID: place.shared,
    eventCategory: "Management",
    tlsDetails: facts.secure ? { clientProvidedHostHeader: facts.host } : undefined,
  });
}

/** For calls in which everything was allowed: what is denied carries policies, which their own test looks at. */
export function referenceSidecar(facts: CallFacts): object | null {
  const verdicts = [...facts.verdicts, ...facts.asked];
  if (verdicts.length === 0) return null;
  return plain({
    eventID: facts.eventId,
    requestID: facts.requestId,
    ...(facts.caller === null ? {} : recordedCaller(facts.caller)),
    requirements: verdicts.map((verdict) => recordedRequirement(verdict, facts.caller)),
  });
}

function recordedRequirement({ requirement, decision, context, caller, policies }: Verdict, own: Actor | null): object {
  return {
    action: requirement.action,
    resource: requirement.resource,
    resourceAccount: requirement.resourceAccount,
    outcome: decision.outcome,
    layer: decision.layer,
    context: Object.fromEntries(context.entries()),
    resourcePolicy: policies.resource?.kind,
    asked: own !== null && accessKeyOf(caller) === accessKeyOf(own) ? undefined : recordedCaller(caller),
  };
}

function recordedCaller({ principal, entity, session }: Actor): object {
  return {
    principal,
    entity: entity?.id,
    session: session === null ? undefined : { ...session, secretAccessKey: undefined },
  };
}

function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

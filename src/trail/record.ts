import { isoSeconds } from "../clock/iso.ts";
import type { Ids } from "../clock/ids.ts";
import type { Verdict } from "../authorization/authorizer.ts";
import type { Caller } from "../session/caller.ts";
import { foreignIdentity, hatChain, userIdentity } from "./identity.ts";
import { toElements } from "./elements.ts";
import type { PolicyDocuments } from "./policy-snapshots.ts";
import { sidecarText } from "./sidecar.ts";

/** What happened, as the pipeline knows it. */
export interface CallFacts {
  readonly eventId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly service: string;
  readonly operation: string;
  readonly readOnly: boolean;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly secure: boolean;
  readonly host: string | undefined;
  /** Null when nobody was authenticated. */
  readonly caller: Caller | null;
  /** What an unauthenticated request claimed; a claim, never a fact. */
  readonly claimedAccessKeyId: string | undefined;
  /** The account the record belongs to when there is no caller. */
  readonly fallbackAccount: string;
  readonly input: object | null;
  readonly output: object | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
  readonly verdicts: readonly Verdict[];
  /** Decisions made for somebody else (rolecall:Authorize). */
  readonly asked: readonly Verdict[];
  /** What an operation adds, e.g. the id of a session it issued. */
  readonly additional?: Readonly<Record<string, unknown>> | undefined;
}

/** A record of the trail and its private sidecar, both as JSON text without line breaks. */
export interface TrailRecord {
  readonly eventId: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** What a replay needs: requirements with context keys and values. Null when nothing was asked. */
  readonly private: string | null;
  /** Policy documents that the sidecar refers to, by hash. */
  readonly policies: PolicyDocuments;
}

/** Operations whose answers CloudTrail records though they read only (IAM User Guide, cloudtrail-integration). */
const recordedAnswers = /^AssumeRole/;

/**
 * The records of one call: one, or two when it acted on a resource of another account, joined by sharedEventID. A
 * denied cross-account call is recorded with the caller only, as on AWS.
 */
export function trailRecords(facts: CallFacts, ids: Pick<Ids, "uuid">): readonly TrailRecord[] {
  const own = facts.caller?.account ?? facts.fallbackAccount;
  const foreign =
    facts.fault === null && facts.caller !== null
      ? facts.verdicts.find((verdict) => verdict.requirement.resourceAccount !== own)?.requirement.resourceAccount
      : undefined;
  if (foreign === undefined) return [record(facts, facts.eventId, own, undefined, false)];
  const shared = ids.uuid();
  return [
    record(facts, facts.eventId, own, shared, false),
    record(facts, ids.uuid(), foreign, shared, true),
  ];
}

function record(
  facts: CallFacts,
  eventId: string,
  account: string,
  shared: string | undefined,
  seenFromOutside: boolean,
): TrailRecord {
  const answers = !facts.readOnly || recordedAnswers.test(facts.operation);
  const chain = hatChain(facts.caller?.session ?? null);
  const additional = {
    ...facts.additional,
    ...(chain === undefined ? {} : { hats: chain }),
    RequestDetails: { awsServingRegion: facts.region, endpointType: "regional" },
  };
  const event = {
    eventVersion: "1.11",
    userIdentity: identity(facts, seenFromOutside),
    eventTime: isoSeconds(facts.now),
    eventSource: facts.service === "rolecall" ? "rolecall" : `${facts.service}.amazonaws.com`,
    eventName: facts.operation,
    awsRegion: facts.region,
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent,
    ...(facts.fault === null ? {} : { errorCode: facts.fault.code, errorMessage: facts.fault.message }),
    requestParameters: facts.input === null ? null : toElements(facts.input),
    responseElements: facts.output !== null && answers ? toElements(facts.output) : null,
    additionalEventData: additional,
    requestID: facts.requestId,
    eventID: eventId,
    readOnly: facts.readOnly,
    ...resources(facts),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    ...(shared === undefined ? {} : { sharedEventID: shared }),
    eventCategory: "Management",
    ...(facts.secure ? { tlsDetails: { clientProvidedHostHeader: facts.host } } : {}),
  };
  const sidecar = seenFromOutside ? null : sidecarText(facts, eventId);
  return {
    eventId,
    account,
    at: facts.now,
    text: JSON.stringify(event),
    private: sidecar?.text ?? null,
    policies: sidecar?.documents ?? new Map(),
  };
}

function identity(facts: CallFacts, seenFromOutside: boolean): unknown {
  if (facts.caller === null) {
    return {
      type: "Unknown",
      principalId: "",
      accountId: "",
      ...(facts.claimedAccessKeyId === undefined ? {} : { accessKeyId: facts.claimedAccessKeyId }),
    };
  }
  return seenFromOutside ? foreignIdentity(facts.caller) : userIdentity(facts.caller);
}

function resources(facts: CallFacts): object {
  const role = facts.verdicts.find((verdict) => verdict.requirement.action === "sts:AssumeRole");
  if (role === undefined || facts.fault !== null) return {};
  const { resource, resourceAccount } = role.requirement;
  return { resources: [{ accountId: resourceAccount, type: "AWS::IAM::Role", ARN: resource }] };
}

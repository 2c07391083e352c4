import { isoSeconds } from "../clock/iso.ts";
import type { Caller } from "../session/caller.ts";
import { principalArn, userId } from "../session/principal.ts";
import { identityTypes } from "./identity.ts";
import type { CallFacts, RecordPlace, TrailRecord } from "./facts.ts";

/** More than any honest value of the members below has; an ARN has at most 2,048 characters. */
const mostCharacters = 2048;

/**
 * In place of a record that cannot be made or kept: who did what, when, how it ended, and why there is no more. It takes
 * little, whatever was sent, so that no call that was carried out goes without a record.
 */
export function briefRecord(facts: CallFacts, place: RecordPlace, why: string): TrailRecord {
  const { eventId, account, shared } = place;
  const { caller } = facts;
  const event = {
    eventVersion: "1.11",
    userIdentity: caller === null ? claimed(facts) : identity(caller, place.fromOutside),
    eventTime: isoSeconds(facts.now),
    eventSource: facts.service === "rolecall" ? "rolecall" : `${facts.service}.amazonaws.com`,
    eventName: cut(facts.operation),
    awsRegion: cut(facts.region),
    sourceIPAddress: cut(facts.sourceIp),
    ...(facts.fault === null ? {} : { errorCode: cut(facts.fault.code), errorMessage: cut(facts.fault.message) }),
    requestParameters: null,
    responseElements: null,
    additionalEventData: { notRecorded: cut(why) },
    requestID: facts.requestId,
    eventID: eventId,
    readOnly: facts.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    ...(shared === undefined ? {} : { sharedEventID: shared }),
    eventCategory: "Management",
  };
  return { eventId, account, at: facts.now, text: JSON.stringify(event), private: null, policies: new Map() };
}

function claimed({ claimedAccessKeyId: key }: CallFacts): object {
  return { type: "Unknown", principalId: "", accountId: "", accessKeyId: key === undefined ? undefined : cut(key) };
}

function identity(caller: Caller, fromOutside: boolean): object {
  const common = { principalId: cut(userId(caller)), accountId: caller.account };
  if (fromOutside) return { type: "AWSAccount", ...common };
  const type = identityTypes[caller.principal.type];
  return { type, ...common, arn: cut(principalArn(caller)), accessKeyId: cut(caller.accessKeyId) };
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`;
}

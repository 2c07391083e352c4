import { isoSeconds } from "../clock/iso.ts";
import { accessKeyOf } from "../session/actor.ts";
import type { Actor } from "../session/actor.ts";
import { principalArn, userId } from "../session/principal.ts";
import { foreignIdentity, identityTypes } from "./identity.ts";
import type { UserIdentity } from "./identity.ts";
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
    eventSource: facts.operation.eventSource,
    eventName: facts.operation.eventName,
    awsRegion: cut(facts.region),
    sourceIPAddress: cut(facts.sourceIp),
    ...(facts.fault === null ? {} : { errorCode: cut(facts.fault.code), errorMessage: cut(facts.fault.message) }),
    requestParameters: null,
    responseElements: null,
    additionalEventData: { notRecorded: cut(why) },
    requestID: facts.requestId,
    eventID: eventId,
    readOnly: facts.operation.readOnly,
    eventType: facts.operation.eventType,
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

function identity(actor: Actor, fromOutside: boolean): object {
  if (fromOutside) return cutMembers(foreignIdentity(actor));
  return cutMembers({
    type: identityTypes[actor.principal.type],
    principalId: userId(actor),
    accountId: actor.account,
    arn: principalArn(actor),
    accessKeyId: accessKeyOf(actor),
  });
}

function cutMembers(identity: UserIdentity): object {
  return Object.fromEntries(
    Object.entries(identity).map(([name, value]) => [name, typeof value === "string" ? cut(value) : value]),
  );
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`;
}

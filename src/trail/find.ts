import type { Check } from "../federation/checks.ts";

/** Which record: the id of the request (x-amzn-RequestId of its answer), or of the event. */
export type RecordId = { readonly requestId: string } | { readonly eventId: string };

/** What is read of a record that was found. */
export interface RecordedEvent {
  readonly eventID: string;
  readonly requestID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly recipientAccountId: string;
  readonly userIdentity?: { readonly type?: string };
  readonly additionalEventData?: {
    /** Of a refused call that brought a proof from outside: what was looked at of it. */
    readonly checks?: readonly Check[];
  };
}

/** Whether it is the record of an account that another one's call was about: what decided stands with the caller's. */
export function isSeenFromOutside({ userIdentity }: RecordedEvent): boolean {
  return userIdentity?.type === "AWSAccount";
}

/** What a line of a record contains; quotation marks inside values are escaped, so that none of these can contain it. */
export function markOf(id: RecordId): string {
  return "requestId" in id ? `"requestID":${JSON.stringify(id.requestId)}` : eventMark(id.eventId);
}

export function eventMark(eventId: string): string {
  return `"eventID":${JSON.stringify(eventId)}`;
}

/** What the text of a record says where it is the one that is looked for; null for another that only quotes its id. */
export function readRecord(text: string, id: RecordId): RecordedEvent | null {
  const event = JSON.parse(text) as RecordedEvent;
  const same = "requestId" in id ? event.requestID === id.requestId : event.eventID === id.eventId;
  return same ? event : null;
}

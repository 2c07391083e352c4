import { readSidecar } from "./sidecar.ts";
import type { Sidecar } from "./sidecar.ts";

/** Which record: the id of the request (x-amzn-RequestId of its answer), or of the event. */
export type RecordId = { readonly requestId: string } | { readonly eventId: string };

/** A record of the trail as it was written. */
export interface FoundRecord {
  readonly text: string;
  /** Null where nothing was decided, and for the record of the resource's account. */
  readonly sidecar: string | null;
}

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
}

export interface RecordedCall {
  readonly event: RecordedEvent;
  readonly sidecar: Sidecar | null;
}

/** What a line of a record contains; quotation marks inside values are escaped, so that none of these can contain it. */
export function markOf(id: RecordId): string {
  return "requestId" in id ? `"requestID":${JSON.stringify(id.requestId)}` : eventMark(id.eventId);
}

export function eventMark(eventId: string): string {
  return `"eventID":${JSON.stringify(eventId)}`;
}

export function readRecords(found: readonly FoundRecord[], id: RecordId): RecordedCall[] {
  return found
    .map(({ text, sidecar }) => ({
      event: JSON.parse(text) as RecordedEvent,
      sidecar: sidecar === null ? null : readSidecar(sidecar),
    }))
    .filter(({ event }) => ("requestId" in id ? event.requestID === id.requestId : event.eventID === id.eventId));
}

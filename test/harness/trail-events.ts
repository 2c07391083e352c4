/** The records that a server has written, for tests. */
import type { RunningServer } from "../../src/server/server.ts";

/** What tests look at of a CloudTrail-shaped record. */
export interface TrailEvent {
  readonly eventID: string;
  readonly requestID: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly userIdentity: { readonly type: string; readonly arn?: string; readonly accessKeyId?: string };
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData: Readonly<Record<string, unknown>>;
}

/** All records of a server, newest first. */
export async function trailEvents(server: RunningServer): Promise<TrailEvent[]> {
  const { trail } = server.environment();
  await trail.flush();
  const events: TrailEvent[] = [];
  for await (const text of trail.newestFirst()) events.push(JSON.parse(text) as TrailEvent);
  return events;
}

import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Which code reads requests off a connection: the plain lane before node:http, or node:http alone. */
export const readerNames = ["lane", "node"] as const;

export type ReaderName = (typeof readerNames)[number];

/** Why the lane gives a connection to node:http: a request of another form than it reads, or one that is not there in time. */
export const handoverReasons = ["form", "size", "late"] as const;

export type HandoverReason = (typeof handoverReasons)[number];

/** For whoever watches a process from inside (node:diagnostics_channel): `{ socket, reason }` of each handover. */
const handovers = channel("rolecall:http:handover");

/** What the readers of a listener do, as numbers. */
export class HttpFigures {
  /** Open now, by who reads them. */
  readonly connections: Record<ReaderName, number> = { lane: 0, node: 0 };
  readonly requests: Record<ReaderName, number> = { lane: 0, node: 0 };
  readonly handovers: Record<HandoverReason, number> = { form: 0, size: 0, late: 0 };
  /** Bytes of pipelined requests that wait for the one before them. */
  aheadBytes = 0;
  /** Connections that ended with an answer because there was no room for what they had sent ahead. */
  aheadRefused = 0;

  handedOver(socket: Socket, reason: HandoverReason): void {
    this.handovers[reason]++;
    if (handovers.hasSubscribers) handovers.publish({ socket, reason });
  }
}

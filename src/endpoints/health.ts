import type { IncomingMessage, ServerResponse } from "node:http";

export const healthPath = "/health";

/**
 * Whether the process answers: no credentials, and no look at the store. A supervisor ends a process that does not
 * answer here; ending it because the store is gone would mend nothing (that is what readiness tells).
 */
export function answerHealth(incoming: IncomingMessage, outgoing: ServerResponse): void {
  answerStatus(incoming, outgoing, 200, { status: "ok" });
}

/** A small JSON answer outside the API. */
export function answerStatus(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  status: number,
  content: Readonly<Record<string, string>>,
): void {
  const body = JSON.stringify(content);
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
    ...(incoming.complete ? {} : { connection: "close" }),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

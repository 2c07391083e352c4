import type { IncomingMessage, ServerResponse } from "node:http";
import type { Environment } from "../operation/context.ts";

export const healthPath = "/health";

/** Whether the server can answer: no credentials, nothing but a word. 503 while the store cannot be reached. */
export async function answerHealth(
  environment: Environment,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const healthy = await environment.database.health().then(
    () => true,
    () => false,
  );
  const body = JSON.stringify({ status: healthy ? "ok" : "unavailable" });
  outgoing.writeHead(healthy ? 200 : 503, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
    ...(incoming.complete ? {} : { connection: "close" }),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

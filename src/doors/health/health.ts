import type { Rendered } from "../../wire/rendered.ts";

export const healthPath = "/health";

/** A small JSON answer outside the API. */
export function statusAnswer(status: number, content: Readonly<Record<string, string>>): Rendered {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { status, headers, body: JSON.stringify(content) };
}

/**
 * The process answers: no credentials, and no look at the store. A supervisor ends a process that does not answer here;
 * ending it because the store is gone would mend nothing (that is what readiness tells).
 */
export const healthy = statusAnswer(200, { status: "ok" });

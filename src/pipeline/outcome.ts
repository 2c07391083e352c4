import type { Rendered } from "../wire/rendered.ts";
import type { Exchange } from "./stage.ts";

/** How requests end, in few words: a label of metrics, and a field of the log. */
export const outcomes = [
  "success",
  "denied",
  "unauthenticated",
  "throttled",
  "refused",
  "unavailable",
  "failed",
  "gone",
] as const;

export type Outcome = (typeof outcomes)[number];

/** @param answer null when the client went away before there was one */
export function outcomeOf({ fault, caller }: Exchange, answer: Rendered | null): Outcome {
  if (answer === null) return "gone";
  if (fault === undefined) return answer.status < 400 ? "success" : "refused";
  if (fault.status >= 500) return fault.status === 503 ? "unavailable" : "failed";
  if (fault.code === "Throttling" || fault.code === "ThrottlingException") return "throttled";
  if (caller === undefined) return "unauthenticated";
  return fault.code.startsWith("AccessDenied") ? "denied" : "refused";
}

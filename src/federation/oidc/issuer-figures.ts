import type { FailureKind } from "./issuer-failure.ts";
import { failureKinds } from "./issuer-failure.ts";

/** How a key was come by: from what was there, from keys that were given, from an issuer that was asked, or not at all. */
export const lookupOutcomes = ["cached", "given", "fetched", "failed"] as const;
export type LookupOutcome = (typeof lookupOutcomes)[number];

export const fetchOutcomes = ["fetched", ...failureKinds] as const;
type FetchOutcome = "fetched" | FailureKind;

/** What metrics tell of issuers; labels are these alone, and no issuer's name. */
export class IssuerFigures {
  readonly lookups = zeros(lookupOutcomes) as Record<LookupOutcome, number>;
  readonly fetches = zeros(fetchOutcomes) as Record<FetchOutcome, number>;
  /** Requests that wait for an issuer. */
  waiting = 0;
}

function zeros(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 0]));
}

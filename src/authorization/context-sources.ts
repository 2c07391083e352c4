/** What the context of a requirement is gathered from. */
import type { Effort } from "../policy/effort.ts";
import type { Actor } from "../session/actor.ts";
import type { Requirement } from "./requirement.ts";

/** What the authorizer needs to know of the request itself. */
export interface RequestSource {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly secure: boolean | undefined;
  readonly region: string;
  /** What its decisions may still cost, all of them together. */
  readonly effort: Effort;
}

/** An account's place in its organization; null for an account that is in none. */
export interface OrganizationPlace {
  readonly id: string;
  /** `o-ID/r-ID/ou-ID/`, with the trailing slash, as aws:PrincipalOrgPaths has it. */
  readonly path: string;
}

export interface CallerSources {
  readonly caller: Actor;
  readonly callerOrganization: OrganizationPlace | null;
}

export interface ContextSources extends CallerSources {
  readonly request: RequestSource;
  /** Context keys do not tell one resource from another. */
  readonly requirement: Omit<Requirement, "resource">;
  readonly resourceOrganization: OrganizationPlace | null;
}

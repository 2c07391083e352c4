import { isoSeconds } from "../clock/iso.ts";
import type { Effort } from "../policy/effort.ts";
import { foldName } from "../policy/name.ts";
import type { Context, ContextValue } from "../policy/types.ts";
import type { Caller, Tag } from "../session/caller.ts";
import { userId } from "../session/principal.ts";
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

export interface ContextSources {
  readonly caller: Caller;
  readonly request: RequestSource;
  /** Context keys do not tell one resource from another. */
  readonly requirement: Omit<Requirement, "resource">;
  readonly callerOrganization: OrganizationPlace | null;
  readonly resourceOrganization: OrganizationPlace | null;
}

/**
 * The context of one requirement, in two layers: what a caller brings to all its requests is made once and kept
 * (`base`), and the request's own keys lie over it.
 */
export class RequestContext implements Context {
  readonly base: ReadonlyMap<string, ContextValue>;
  readonly own: ReadonlyMap<string, ContextValue>;

  constructor(base: ReadonlyMap<string, ContextValue>, own: ReadonlyMap<string, ContextValue>) {
    this.base = base;
    this.own = own;
  }

  get(lowerCasedKey: string): ContextValue | undefined {
    return this.own.get(lowerCasedKey) ?? this.base.get(lowerCasedKey);
  }

  *entries(): Iterable<[string, ContextValue]> {
    for (const entry of this.base) if (!this.own.has(entry[0])) yield entry;
    yield* this.own;
  }
}

/**
 * The context keys of one requirement (IAM User Guide, reference_policies_condition-keys). A key that has no meaning
 * for the request is absent, never empty: `…IfExists` and Null depend on it. What a service outside gives comes first,
 * and all that rolecall knows lies over it, whatever the key.
 */
export function contextKeys(sources: ContextSources): RequestContext {
  const { caller, request, requirement } = sources;
  const base = callerKeys(caller, sources.callerOrganization);
  const own = new Map<string, ContextValue>();
  for (const [key, value] of requirement.given ?? nothingGiven) if (!base.has(key)) own.set(key, value);
  mfaAge(own, caller, request.now);
  requestKeys(own, request);
  resourceKeys(own, requirement, sources.resourceOrganization);
  const further = requirement.context;
  for (const key in further) {
    const value = further[key];
    if (value !== undefined) own.set(foldName(key), value);
  }
  return new RequestContext(base, own);
}

const nothingGiven: ReadonlyMap<string, ContextValue> = new Map();

interface CallerKeys {
  readonly organization: OrganizationPlace | null;
  readonly keys: ReadonlyMap<string, ContextValue>;
}

/** A caller is the same object as long as nothing about it changes (session/authenticator.ts). */
const keysOfCallers = new WeakMap<Caller, CallerKeys>();

function callerKeys(caller: Caller, organization: OrganizationPlace | null): ReadonlyMap<string, ContextValue> {
  const known = keysOfCallers.get(caller);
  if (known !== undefined && known.organization === organization) return known.keys;
  const keys = new Map<string, ContextValue>();
  principalKeys(keys, caller, organization);
  sessionKeys(keys, caller);
  keysOfCallers.set(caller, { organization, keys });
  return keys;
}

function principalKeys(
  context: Map<string, ContextValue>,
  caller: Caller,
  organization: OrganizationPlace | null,
): void {
  const { principal } = caller;
  context.set("aws:principalaccount", caller.account);
  context.set("aws:userid", userId(caller));
  context.set("aws:principalisawsservice", "false");
  context.set("aws:viaawsservice", "false");
  switch (principal.type) {
    case "Root":
      context.set("aws:principaltype", "Account");
      context.set("aws:principalarn", principal.arn);
      break;
    case "User":
      context.set("aws:principaltype", "User");
      context.set("aws:principalarn", principal.arn);
      if (caller.entity !== null) context.set("aws:username", caller.entity.name);
      break;
    case "RoleSession":
      context.set("aws:principaltype", "AssumedRole");
      // For a session this key is the role's ARN, never the session's (reference_policies_condition-keys).
      context.set("aws:principalarn", principal.roleArn);
      break;
    case "FederatedUser":
      context.set("aws:principaltype", "FederatedUser");
      context.set("aws:principalarn", principal.arn);
      break;
    default:
      break;
  }
  for (const tag of caller.tags) context.set(`aws:principaltag/${foldName(tag.key)}`, tag.value);
  if (organization !== null) {
    context.set("aws:principalorgid", organization.id);
    context.set("aws:principalorgpaths", [organization.path]);
  }
}

function sessionKeys(context: Map<string, ContextValue>, { session }: Caller): void {
  // Long-term keys carry none of these: MFA is absent, not false (aws:MultiFactorAuthPresent).
  if (session === null) return;
  context.set("aws:tokenissuetime", isoSeconds(session.issuedAt));
  context.set("aws:multifactorauthpresent", session.mfaAt === undefined ? "false" : "true");
  if (session.sourceIdentity !== undefined) context.set("aws:sourceidentity", session.sourceIdentity);
  for (const key in session.context) context.set(foldName(key), session.context[key]!);
}

/** The one key of a session that changes while it lasts. */
function mfaAge(context: Map<string, ContextValue>, { session }: Caller, now: number): void {
  if (session?.mfaAt === undefined) return;
  context.set("aws:multifactorauthage", String(Math.max(0, Math.floor((now - session.mfaAt) / 1000))));
}

function requestKeys(context: Map<string, ContextValue>, request: RequestSource): void {
  if (request.sourceIp !== undefined) context.set("aws:sourceip", request.sourceIp);
  if (request.secure !== undefined) context.set("aws:securetransport", request.secure ? "true" : "false");
  context.set("aws:currenttime", isoSeconds(request.now));
  context.set("aws:epochtime", String(Math.floor(request.now / 1000)));
  context.set("aws:requestedregion", request.region);
  if (request.userAgent !== undefined) context.set("aws:useragent", request.userAgent);
  if (request.referer !== undefined) context.set("aws:referer", request.referer);
}

function resourceKeys(
  context: Map<string, ContextValue>,
  requirement: ContextSources["requirement"],
  organization: OrganizationPlace | null,
): void {
  context.set("aws:resourceaccount", requirement.resourceAccount);
  if (organization !== null) {
    context.set("aws:resourceorgid", organization.id);
    context.set("aws:resourceorgpaths", [organization.path]);
  }
  // IAM's own older name of the same tags (Service Authorization Reference for IAM).
  const iamResource = requirement.action.startsWith("iam:") || requirement.action.startsWith("sts:");
  for (const tag of requirement.resourceTags ?? []) {
    const key = foldName(tag.key);
    context.set(`aws:resourcetag/${key}`, tag.value);
    if (iamResource) context.set(`iam:resourcetag/${key}`, tag.value);
  }
  const keys = requestTagKeys(context, requirement.requestTags, requirement.tagKeys);
  if (keys.length > 0) context.set("aws:tagkeys", keys);
}

function requestTagKeys(
  context: Map<string, ContextValue>,
  tags: readonly Tag[] | undefined,
  named: readonly string[] | undefined,
): readonly string[] {
  if (tags === undefined) return named ?? [];
  for (const tag of tags) context.set(`aws:requesttag/${foldName(tag.key)}`, tag.value);
  return [...tags.map((tag) => tag.key), ...(named ?? [])];
}

/**
 * How the context of a requirement is derived (policy/context-key.ts has the keys; IAM User Guide,
 * reference_policies_condition-keys). A key that has no meaning for the request is absent, never empty: `…IfExists` and
 * Null depend on it.
 */
import { isoSeconds } from "../clock/iso.ts";
import { knownContextKey } from "../policy/context-key.ts";
import { foldName } from "../policy/name.ts";
import { principalKeys } from "../policy/match/principal-keys.ts";
import type { PrincipalKey } from "../policy/match/principal-keys.ts";
import type { ContextValue } from "../policy/types.ts";
import { comesAgain, contextOf, mfaTimeOf } from "../session/actor.ts";
import { isAssumedRoot } from "../session/assumed-root.ts";
import type { Actor } from "../session/actor.ts";
import type { CallerSources, ContextSources, OrganizationPlace } from "./context-sources.ts";
import { addValues, deriving } from "./derivation.ts";
import type { DerivedKey } from "./derivation.ts";
import { RequestContext } from "./request-context.ts";
import type { ContextEntries } from "./request-context.ts";

/** The one key of a caller that changes from request to request. */
type AgingKey = "aws:MultiFactorAuthAge";

/** What a caller brings to all its requests, beside what follows from its principal. */
const deriveCallerKeys = deriving<
  Exclude<DerivedKey<"principal">, PrincipalKey> | Exclude<DerivedKey<"session">, AgingKey>,
  CallerSources
>({
  "aws:PrincipalTag/${TagKey}": ({ caller }) => caller.tags,
  "aws:PrincipalOrgID": ({ callerOrganization }) => callerOrganization?.id,
  "aws:PrincipalOrgPaths": ({ callerOrganization }) =>
    callerOrganization === null ? undefined : [callerOrganization.path],
  "aws:ViaAWSService": () => "false",
  // Long-term keys carry none of these: MFA is absent, not false (aws:MultiFactorAuthPresent).
  "aws:TokenIssueTime": ({ caller: { session } }) => (session === null ? undefined : isoSeconds(session.issuedAt)),
  "aws:MultiFactorAuthPresent": ({ caller }) =>
    mfaTimeOf(caller) !== undefined ? "true" : caller.session === null ? undefined : "false",
  // Of no other session is it there (reference_policies_condition-keys, aws:AssumedRoot).
  "aws:AssumedRoot": ({ caller: { session } }) => (session !== null && isAssumedRoot(session) ? "true" : undefined),
  "aws:SourceIdentity": ({ caller: { session } }) => session?.sourceIdentity,
  "rolecall:DelegateAccount": ({ caller: { session } }) => session?.delegation?.account,
  "rolecall:DelegationRequestId": ({ caller: { session } }) => session?.delegation?.requestId,
});

const deriveRequestKeys = deriving<AgingKey | DerivedKey<"request" | "resource">, ContextSources>({
  "aws:MultiFactorAuthAge": ({ caller, request }) => {
    const shownAt = mfaTimeOf(caller);
    return shownAt === undefined ? undefined : String(Math.max(0, Math.floor((request.now - shownAt) / 1000)));
  },
  "aws:SourceIp": ({ request }) => request.sourceIp,
  "aws:SecureTransport": ({ request: { secure } }) => (secure === undefined ? undefined : secure ? "true" : "false"),
  "aws:CurrentTime": ({ request }) => isoSeconds(request.now),
  "aws:EpochTime": ({ request }) => String(Math.floor(request.now / 1000)),
  "aws:RequestedRegion": ({ request }) => request.region,
  "aws:UserAgent": ({ request }) => request.userAgent,
  "aws:referer": ({ request }) => request.referer,
  "aws:RequestTag/${TagKey}": ({ requirement }) => requirement.requestTags,
  "aws:TagKeys": ({ requirement }) => tagKeys(requirement),
  "aws:ResourceAccount": ({ requirement }) => requirement.resourceOwner ?? requirement.resourceAccount,
  "aws:ResourceOrgID": ({ resourceOrganization }) => resourceOrganization?.id,
  "aws:ResourceOrgPaths": ({ resourceOrganization }) =>
    resourceOrganization === null ? undefined : [resourceOrganization.path],
  "aws:ResourceTag/${TagKey}": ({ requirement }) => requirement.resourceTags,
  // IAM's own older name of the same tags (Service Authorization Reference for IAM and STS).
  "iam:ResourceTag/${TagKey}": ({ requirement: { action, resourceTags } }) =>
    action.startsWith("iam:") || action.startsWith("sts:") ? resourceTags : undefined,
});

function tagKeys({ requestTags, tagKeys: named }: ContextSources["requirement"]): readonly string[] | undefined {
  if (requestTags === undefined || requestTags.length === 0) return named?.length === 0 ? undefined : named;
  return [...requestTags.map((tag) => tag.key), ...(named ?? [])];
}

/**
 * The context of one requirement. What rolecall derives lies over what came with a session or a proof, which sets no key
 * of the table but those whose source it is, and that over what a service outside says, whatever the key.
 */
export function contextKeys(sources: ContextSources): RequestContext {
  const { caller, requirement } = sources;
  const base = callerKeys(caller, sources.callerOrganization);
  const own = new Map<string, ContextValue>();
  if (requirement.given !== undefined) {
    for (const [key, value] of requirement.given) if (!base.has(key)) own.set(key, value);
  }
  deriveRequestKeys(own, sources);
  if (requirement.context !== undefined) addValues(own, requirement.context);
  return new RequestContext(base, own);
}

interface CallerKeys {
  readonly organization: OrganizationPlace | null;
  readonly keys: ContextEntries;
}

/** A caller is the same object as long as nothing about it changes (session/authenticator.ts). */
const keysOfCallers = new WeakMap<Actor, CallerKeys>();

function callerKeys(caller: Actor, callerOrganization: OrganizationPlace | null): ContextEntries {
  const known = keysOfCallers.get(caller);
  if (known !== undefined && known.organization === callerOrganization) return known.keys;
  const keys = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(contextOf(caller))) {
    const name = foldName(key);
    // What is in the table and absent means something too: nobody's claim fills it, but where claims are its source.
    if ((knownContextKey(name)?.source ?? "proof") === "proof") keys.set(name, value);
  }
  addValues(keys, principalKeys(caller.principal));
  deriveCallerKeys(keys, { caller, callerOrganization });
  if (comesAgain(caller)) keysOfCallers.set(caller, { organization: callerOrganization, keys });
  return keys;
}

import { isoSeconds } from "../clock/iso.ts";
import { accessKeyOf, federatedProviderKey } from "../session/actor.ts";
import type { Actor, ConsoleBearer, Entity, PasswordHolder, Signer } from "../session/actor.ts";
import { isAssumedRoot } from "../session/assumed-root.ts";
import { userId } from "../session/principal.ts";
import type { Session } from "../session/token.ts";

/** CloudTrail's userIdentity element (CloudTrail User Guide, "CloudTrail userIdentity element"). */
export type UserIdentity = Readonly<Record<string, unknown>>;

/** What CloudTrail calls the kinds of principal. */
export const identityTypes = {
  Root: "Root",
  User: "IAMUser",
  RoleSession: "AssumedRole",
  FederatedUser: "FederatedUser",
  Service: "AWSService",
  WebIdentity: "WebIdentityUser",
  SAML: "SAMLUser",
} as const satisfies Record<Actor["principal"]["type"], string>;

export function userIdentity(actor: Actor): UserIdentity {
  switch (actor.kind) {
    case "key":
    case "session":
    case "console":
    case "password":
      return { ...ownIdentity(actor), ...sessionContext(actor), ...delegate(actor) };
    case "webIdentity": {
      const { provider } = actor.principal;
      return {
        type: identityTypes.WebIdentity,
        principalId: `${provider}:${actor.audience}:${actor.subject}`,
        userName: actor.subject,
        identityProvider: provider,
      };
    }
    case "saml":
      return {
        type: identityTypes.SAML,
        principalId: `${actor.nameQualifier}:${actor.subject}`,
        userName: actor.subject,
        identityProvider: actor.nameQualifier,
      };
    case "certificate":
    case "service":
      return { type: identityTypes.Service, invokedBy: actor.principal.service };
  }
}

/** How an actor from elsewhere appears in the records of the account it acts on; outsiders appear there as they are. */
export function foreignIdentity(actor: Actor): UserIdentity {
  switch (actor.kind) {
    case "key":
    case "session":
    case "console":
    case "password":
      return { type: "AWSAccount", principalId: userId(actor), accountId: actor.account };
    case "webIdentity":
    case "saml":
    case "certificate":
    case "service":
      return userIdentity(actor);
  }
}

/** Whether it acts from the console, which CloudTrail says where it is so (CloudTrail User Guide, record contents). */
export function isFromConsole({ kind }: Actor): boolean {
  return kind === "console";
}

/** Those whom an account has: by key, by session, by the console, by password. */
type Own = Signer | ConsoleBearer | PasswordHolder;

function ownIdentity(actor: Own): UserIdentity {
  const { principal, entity } = actor;
  return {
    type: identityTypes[principal.type],
    principalId: userId(actor),
    arn: principal.arn,
    accountId: actor.account,
    accessKeyId: accessKeyOf(actor),
    ...(principal.type === "User" ? { userName: entity?.name } : {}),
  };
}

function sessionContext({ session, principal, entity }: Own): UserIdentity {
  if (session === null) return {};
  const issuer = issuerOf(principal, entity);
  const provider = session.context[federatedProviderKey];
  return {
    sessionContext: {
      ...(issuer === null ? {} : { sessionIssuer: issuer }),
      webIdFederationData: provider === undefined ? {} : { federatedProvider: provider, attributes: {} },
      attributes: {
        creationDate: isoSeconds(session.issuedAt),
        mfaAuthenticated: session.mfaAt === undefined ? "false" : "true",
      },
      // As a text (IAM User Guide, cloudtrail-track-privileged-tasks).
      ...(isAssumedRoot(session) ? { assumedRoot: "true" } : {}),
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    },
  };
}

/** Which account has the credentials that somebody delegated (IAM User Guide, temporary-delegation-cloudtrail). */
function delegate({ session }: Own): UserIdentity {
  return session?.delegation === undefined ? {} : { invokedByDelegate: { accountId: session.delegation.account } };
}

/** Whom a session is of, where it is not the principal itself. */
function issuerOf(principal: Own["principal"], entity: Entity | null): UserIdentity | null {
  switch (principal.type) {
    case "Root":
    case "User":
      return null;
    case "RoleSession":
      return {
        type: "Role",
        principalId: principal.roleId,
        arn: principal.roleArn,
        accountId: principal.account,
        userName: entity?.name,
      };
    case "FederatedUser":
      return {
        type: principal.issuer.type === "Root" ? "Root" : "IAMUser",
        principalId: principal.issuer.id,
        arn: principal.issuer.arn,
        accountId: principal.account,
        ...(entity === null ? {} : { userName: entity.name }),
      };
  }
}

/**
 * The chain of hats: which session this is, which one it came from, and the person who put on the first. Ours, in
 * CloudTrail's open field additionalEventData.
 */
export function hatChain(session: Session | null): UserIdentity | undefined {
  if (session === null) return undefined;
  return {
    sessionId: session.sessionId,
    ...(session.parentId === undefined ? {} : { parentSessionId: session.parentId }),
    originSessionId: session.originId,
    originArn: session.origin.arn,
    originPrincipalId: session.origin.id,
  };
}

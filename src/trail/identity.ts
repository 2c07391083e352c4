import { isoSeconds } from "../clock/iso.ts";
import type { Caller } from "../session/caller.ts";
import { principalArn, userId } from "../session/principal.ts";
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
} as const satisfies Record<Caller["principal"]["type"], string>;

export function userIdentity(caller: Caller): UserIdentity {
  const { principal, session } = caller;
  const common = { principalId: userId(caller), arn: principalArn(caller), accountId: caller.account };
  const key = { accessKeyId: caller.accessKeyId };
  const type = identityTypes[principal.type];
  switch (principal.type) {
    case "Root":
      return { type, ...common, ...key, ...sessionContext(session, null) };
    case "User":
      return { type, ...common, ...key, userName: caller.entity?.name, ...sessionContext(session, null) };
    case "RoleSession":
      return {
        type,
        ...common,
        ...key,
        ...sessionContext(session, {
          type: "Role",
          principalId: principal.roleId,
          arn: principal.roleArn,
          accountId: principal.account,
          userName: caller.entity?.name,
        }),
      };
    case "FederatedUser":
      return {
        type,
        ...common,
        ...key,
        ...sessionContext(session, {
          type: principal.issuer.type === "Root" ? "Root" : "IAMUser",
          principalId: principal.issuer.id,
          arn: principal.issuer.arn,
          accountId: principal.account,
          ...(caller.entity === null ? {} : { userName: caller.entity.name }),
        }),
      };
    case "Service":
      return { type, invokedBy: principal.service };
    case "WebIdentity":
      return { type, principalId: principal.provider, identityProvider: principal.provider };
    case "SAML":
      return { type, principalId: principal.provider, identityProvider: principal.provider };
  }
}

/** How a caller from elsewhere appears in the records of the account it acts on. */
export function foreignIdentity(caller: Caller): UserIdentity {
  return { type: "AWSAccount", principalId: userId(caller), accountId: caller.account };
}

function sessionContext(session: Session | null, issuer: UserIdentity | null): UserIdentity {
  if (session === null) return {};
  return {
    sessionContext: {
      ...(issuer === null ? {} : { sessionIssuer: issuer }),
      webIdFederationData: {},
      attributes: {
        creationDate: isoSeconds(session.issuedAt),
        mfaAuthenticated: session.mfaAt === undefined ? "false" : "true",
      },
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    },
  };
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

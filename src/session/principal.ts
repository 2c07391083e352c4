import { foldName } from "../policy/name.ts";
import { assumedRoleArn, federatedUserArn, rootArn } from "../arn/arn.ts";
import type { Actor, Entity, PasswordHolder, SessionHolder, Signer, Tag } from "./actor.ts";
import type { Session } from "./token.ts";

/** Of long-term keys, and of GetSessionToken sessions. */
function keyOrSession(accessKeyId: string, session: Session | null) {
  return session === null
    ? ({ kind: "key", accessKeyId, session } as const)
    : ({ kind: "session", accessKeyId, session } as const);
}

/** The holder of a user's long-term key, or of a GetSessionToken session of that user. */
export function userActor(entity: Entity, partition: string, accessKeyId: string, session: Session | null): Signer {
  return {
    ...keyOrSession(accessKeyId, session),
    principal: { type: "User", account: entity.account, arn: entity.arn, id: entity.id },
    account: entity.account,
    partition,
    entity,
    tags: entity.tags,
  };
}

/** Whoever has shown the password of a user. */
export function passwordActor(entity: Entity, partition: string, passwordSetAt: number): PasswordHolder {
  return {
    kind: "password",
    principal: { type: "User", account: entity.account, arn: entity.arn, id: entity.id },
    account: entity.account,
    partition,
    entity,
    session: null,
    tags: entity.tags,
    passwordSetAt,
  };
}

export function rootActor(account: string, partition: string, accessKeyId: string, session: Session | null): Signer {
  return {
    ...keyOrSession(accessKeyId, session),
    principal: { type: "Root", account, arn: rootArn(partition, account) },
    account,
    partition,
    entity: null,
    tags: [],
  };
}

export function roleActor(role: Entity, partition: string, session: Session): SessionHolder {
  return {
    kind: "session",
    principal: {
      type: "RoleSession",
      account: role.account,
      arn: assumedRoleArn(partition, role.account, role.name, session.sessionName),
      roleArn: role.arn,
      roleId: role.id,
      sessionName: session.sessionName,
    },
    account: role.account,
    partition,
    accessKeyId: session.accessKeyId,
    session,
    entity: role,
    tags: overlay(role.tags, session.tags),
  };
}

export function federatedActor(
  issuer: Entity | null,
  account: string,
  partition: string,
  session: Session,
): SessionHolder {
  return {
    kind: "session",
    principal: {
      type: "FederatedUser",
      account,
      arn: federatedUserArn(partition, account, session.sessionName),
      name: session.sessionName,
      issuer:
        issuer === null
          ? { type: "Root", arn: rootArn(partition, account), id: account }
          : { type: "User", arn: issuer.arn, id: issuer.id },
    },
    account,
    partition,
    accessKeyId: session.accessKeyId,
    session,
    entity: issuer,
    // The issuing user's tags are passed to the federated session; session tags of the same key win.
    tags: overlay(issuer?.tags ?? [], session.tags),
  };
}

/** aws:userid (IAM User Guide, reference_policies_variables, "Principal key values"). */
export function userId({ principal }: Pick<Actor, "principal">): string {
  switch (principal.type) {
    case "Root":
      return principal.account;
    case "User":
      return principal.id;
    case "RoleSession":
      return `${principal.roleId}:${principal.sessionName}`;
    case "FederatedUser":
      return `${principal.account}:${principal.name}`;
    case "Service":
      return principal.service;
    case "WebIdentity":
    case "SAML":
      return principal.provider;
  }
}

/** The ARN by which refusals and the trail name an actor; a service, or a provider that is built in, has a name only. */
export function principalArn({ principal }: Pick<Actor, "principal">): string {
  switch (principal.type) {
    case "Root":
    case "User":
    case "RoleSession":
    case "FederatedUser":
      return principal.arn;
    case "Service":
      return principal.service;
    case "WebIdentity":
    case "SAML":
      return principal.provider;
  }
}

/** Tags of both, keys compared without case; those of `over` win. */
function overlay(under: readonly Tag[], over: readonly Tag[]): readonly Tag[] {
  if (over.length === 0) return under;
  if (under.length === 0) return over;
  const taken = new Set(over.map((tag) => foldName(tag.key)));
  return [...over, ...under.filter((tag) => !taken.has(foldName(tag.key)))];
}

import { foldName } from "../policy/name.ts";
import { assumedRoleArn, federatedUserArn, rootArn } from "../arn/arn.ts";
import type { Caller, Entity, Tag } from "./caller.ts";
import type { Session } from "./token.ts";

/** The caller of a user's long-term key, or of a GetSessionToken session of that user. */
export function userCaller(entity: Entity, partition: string, accessKeyId: string, session: Session | null): Caller {
  return {
    principal: { type: "User", account: entity.account, arn: entity.arn, id: entity.id },
    account: entity.account,
    partition,
    accessKeyId,
    session,
    entity,
    tags: entity.tags,
  };
}

export function rootCaller(account: string, partition: string, accessKeyId: string, session: Session | null): Caller {
  return {
    principal: { type: "Root", account, arn: rootArn(partition, account) },
    account,
    partition,
    accessKeyId,
    session,
    entity: null,
    tags: [],
  };
}

export function roleCaller(role: Entity, partition: string, session: Session): Caller {
  return {
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

export function federatedCaller(issuer: Entity | null, account: string, partition: string, session: Session): Caller {
  return {
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

/**
 * aws:userid, and what CloudTrail calls principalId (IAM User Guide, reference_policies_variables,
 * "Principal key values").
 */
export function userId(caller: Caller): string {
  const { principal } = caller;
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

/** The ARN by which refusals and the trail name the caller. */
export function principalArn(caller: Caller): string {
  const { principal } = caller;
  return "arn" in principal ? principal.arn : principal.type === "Service" ? principal.service : principal.provider;
}

/** Tags of both, keys compared without case; those of `over` win. */
function overlay(under: readonly Tag[], over: readonly Tag[]): readonly Tag[] {
  if (over.length === 0) return under;
  if (under.length === 0) return over;
  const taken = new Set(over.map((tag) => foldName(tag.key)));
  return [...over, ...under.filter((tag) => !taken.has(foldName(tag.key)))];
}

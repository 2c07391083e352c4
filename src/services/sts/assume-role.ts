import { assumedRoleArn } from "../../arn/arn.ts";
import type { KnownRole, SettledRole } from "../../authorization/known-roles.ts";
import type { Requirement } from "../../authorization/requirement.ts";
import type { AssumeRoleRequest, AssumeRoleResponse } from "../../contracts/sts/types.gen.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { Actor } from "../../session/actor.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { lineageOf } from "../../session/lineage.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { accessDenied, validationError } from "./faults.ts";
import { issueSession } from "./issue.ts";
import { mfaCode, requireWhole } from "./mfa-code.ts";
import { requireNone } from "./provided-contexts.ts";
import { requireRoleArn } from "./role-arn.ts";
import { defaultDuration, requireWithin } from "./role-session.ts";
import { requestedPolicies, requirePolicies } from "./session-policies.ts";
import type { SessionPolicies } from "./session-policies.ts";
import { inheritedTags, sessionTags } from "./session-tags.ts";
import { asMetBy, roleByArn, trustPolicyOf } from "./trust-policy.ts";

interface Target {
  readonly account: string;
  readonly role: KnownRole | undefined;
  readonly policies: SessionPolicies;
}

/** A session put on from another session lasts an hour at most (IAM User Guide, id_roles: role chaining). */
const chainedLimit = 3600;

/** STS API, AssumeRole. */
export const assumeRole = operation("sts", "AssumeRole", {
  writes: false,

  load(input: AssumeRoleRequest, context): Eventual<Target> {
    const arn = requireRoleArn(input.RoleArn);
    if (context.caller.principal.type === "Root") {
      throw accessDenied("Roles may not be assumed by root accounts.");
    }
    if (input.ProvidedContexts !== undefined) requireNone(input.ProvidedContexts, context);
    requireWhole(input);
    return gather(
      () => roleByArn(input.RoleArn, context),
      (role) => ({
        account: arn.account,
        role: arn.partition === context.partition ? asMetBy(context.account, role) : undefined,
        policies: requestedPolicies(input),
      }),
    );
  },

  // It is verified also where no policy asks for it (IAM User Guide, id_credentials_mfa_configure-api-require).
  proof: mfaCode,

  authorize: (input, target, context) => requirements(input, target, context.caller),

  // Everything is allowed by now: what follows are the operation's own rules.
  handle(input, target, context) {
    const grant = grantOf(input, target, context);
    return gather(
      () => requirePolicies(target.policies, target.account, context),
      () => putOn(input, target, grant, context),
    );
  },
});

/** @throws Fault ValidationError, InvalidParameterValue */
function grantOf(input: AssumeRoleRequest, target: Target, context: OperationContext): SessionGrant {
  const { caller } = context;
  const role = target.role!.record;
  return {
    kind: "role",
    account: target.account,
    issuerId: role.id,
    sessionName: input.RoleSessionName,
    // Also one put on with credentials of GetSessionToken is chained (AWS knowledge center, iam-role-chaining-limit).
    duration: sessionDuration(input.DurationSeconds, role, caller.session !== null),
    lineage: lineageOf(caller),
    // Whoever puts a role on may have shown a code; the role's session does not say so, as on AWS.
    mfaAt: undefined,
    sourceIdentity: sourceIdentityOf(input, caller),
    tags: sessionTags(input, caller.session),
    policies: target.policies,
    // Those of the session that puts this one on are not handed on (seen at AWS for keys of instances).
    context: {},
  };
}

function putOn(
  input: AssumeRoleRequest,
  target: Target,
  grant: SessionGrant,
  context: OperationContext,
): AssumeRoleResponse {
  const role = target.role!.record;
  const issued = issueSession(context, grant, input.MinimumSessionTokenSize);
  context.environment.usage.roleUsed(role, context.request);
  return {
    Credentials: issued.credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${input.RoleSessionName}`,
      Arn: assumedRoleArn(context.partition, target.account, role.name, input.RoleSessionName),
    },
    ...issued.sizes,
    SourceIdentity: grant.sourceIdentity,
  };
}

/** Existing source identity goes with the chain and cannot be changed (IAM User Guide, id_credentials_temp_control-access_monitor). */
function sourceIdentityOf(input: AssumeRoleRequest, caller: Actor): string | undefined {
  const existing = caller.session?.sourceIdentity;
  if (existing === undefined) return input.SourceIdentity;
  if (input.SourceIdentity !== undefined && input.SourceIdentity !== existing) {
    throw validationError("The source identity is already set for this assume role session");
  }
  return existing;
}

/**
 * sts:SetSourceIdentity when the session will have a source identity, sts:TagSession when it will have tags, inherited
 * ones too, and sts:AssumeRole. Each is asked of the caller's policies and of the trust policy. AWS names the first that
 * is refused in this order: sts:SetSourceIdentity where the trust asks for another identity (observed on AWS, July 2026),
 * and sts:TagSession to whom the role does not trust at all (aws-actions/configure-aws-credentials#600).
 */
function requirements(input: AssumeRoleRequest, target: Target, caller: Actor): readonly Requirement[] {
  const { role } = target;
  const sourceIdentity = input.SourceIdentity ?? caller.session?.sourceIdentity;
  const common = {
    resource: input.RoleArn,
    resourceAccount: target.account,
    resourceTags: role?.record.tags,
    requestTags: input.Tags?.map((tag) => ({ key: tag.Key, value: tag.Value })),
    resourcePolicy: trustPolicyOf(role),
    withoutReason: true,
    context: {
      "sts:RoleSessionName": input.RoleSessionName,
      "sts:ExternalId": input.ExternalId,
      "sts:SourceIdentity": sourceIdentity,
      "sts:TransitiveTagKeys": isGiven(input.TransitiveTagKeys) ? input.TransitiveTagKeys : undefined,
    },
  };
  const tagged = isGiven(input.Tags) || inheritedTags(caller.session).length > 0;
  const asked = [
    ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
    ...(tagged ? ["sts:TagSession"] : []),
    "sts:AssumeRole",
  ];
  return asked.map((action) => ({ action, ...common }));
}

function isGiven<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

/**
 * Seconds. The role's maximum is looked at before the limit of chained sessions, as STS does.
 *
 * @throws Fault ValidationError
 */
function sessionDuration(requested: number | undefined, role: SettledRole, chained: boolean): number {
  const duration = requested ?? defaultDuration;
  requireWithin(duration, role);
  if (chained && duration > chainedLimit) {
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  return duration;
}

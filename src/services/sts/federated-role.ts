import { assumedRoleArn, parseArn } from "../../arn/arn.ts";
import type { KnownRole } from "../../authorization/known-roles.ts";
import type { OperationKeys, Requirement } from "../../authorization/requirement.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { lineageOf } from "../../session/lineage.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { issueSession } from "./issue.ts";
import { defaultDuration, requireWithin } from "./role-session.ts";
import { requestedPolicies, requirePolicies } from "./session-policies.ts";
import type { SessionPolicies } from "./session-policies.ts";
import { sessionTags } from "./session-tags.ts";
import { roleByArn, trustPolicyOf } from "./trust-policy.ts";

/** What AssumeRoleWithSAML and AssumeRoleWithWebIdentity ask for alike. */
export interface FederatedInput {
  readonly RoleArn: string;
  readonly DurationSeconds?: number | undefined;
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
  readonly MinimumSessionTokenSize?: number | undefined;
}

/** One session that is asked for, and who asks. */
export interface FederatedCall {
  readonly input: FederatedInput;
  readonly subject: FederatedSubject;
  readonly sessionName: string;
  /** Condition keys that this call alone has. */
  readonly context?: OperationKeys;
}

export interface FederatedTarget {
  readonly role: KnownRole | undefined;
  readonly policies: SessionPolicies;
}

/** A role that does not exist is met as one that does not trust. @throws Fault ValidationError */
export function federatedTarget(input: FederatedInput, context: OperationContext): Eventual<FederatedTarget> {
  const policies = requestedPolicies(input);
  return gather(
    () => (parseArn(input.RoleArn)?.partition === context.partition ? roleByArn(input.RoleArn, context) : undefined),
    (role) => ({ role, policies }),
  );
}

/**
 * What the trust policy alone has to allow: the call, and what the proof says of the session (IAM User Guide,
 * id_session-tags, id_credentials_temp_control-access_monitor). The refusal of each is the call's own (observed on AWS,
 * September 2026).
 */
export function federatedRequirements(
  action: "sts:AssumeRoleWithSAML" | "sts:AssumeRoleWithWebIdentity",
  { input, subject, sessionName, context }: FederatedCall,
  { role }: Pick<FederatedTarget, "role">,
): readonly Requirement[] {
  const { sourceIdentity, tags } = subject.asserted;
  const transitive = tags.filter((tag) => tag.transitive).map((tag) => tag.key);
  const common = {
    resource: input.RoleArn,
    resourceAccount: subject.account,
    resourceTags: role?.record.tags,
    requestTags: tags,
    resourcePolicy: trustPolicyOf(role),
    refusal: `Not authorized to perform ${action}`,
    context: {
      ...context,
      "sts:RoleSessionName": sessionName,
      "sts:SourceIdentity": sourceIdentity,
      "sts:TransitiveTagKeys": transitive.length === 0 ? undefined : transitive,
    },
  };
  const asked = [
    action,
    ...(tags.length === 0 ? [] : ["sts:TagSession"]),
    ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
  return asked.map((name) => ({ action: name, ...common }));
}

/** The session, once the trust policy has let it begin. @throws Fault ValidationError, PackedPolicyTooLarge and others */
export function assumeFederated(call: FederatedCall, target: FederatedTarget, context: OperationContext) {
  const { input, sessionName, subject } = call;
  const role = target.role!.record;
  const grant = grantOf(call, target);
  return gather(
    () => requirePolicies(target.policies, subject.account, context),
    () => {
      const issued = issueSession(context, grant, input.MinimumSessionTokenSize);
      context.environment.usage.roleUsed(role, context.request);
      return {
        Credentials: issued.credentials,
        AssumedRoleUser: {
          AssumedRoleId: `${role.id}:${sessionName}`,
          Arn: assumedRoleArn(context.partition, subject.account, role.name, sessionName),
        },
        ...issued.sizes,
        SourceIdentity: grant.sourceIdentity,
      };
    },
  );
}

function grantOf({ input, sessionName, subject }: FederatedCall, { policies, role }: FederatedTarget): SessionGrant {
  const { asserted } = subject;
  const requested = input.DurationSeconds ?? defaultDuration;
  requireWithin(requested, role!.record);
  return {
    kind: "role",
    account: subject.account,
    issuerId: role!.record.id,
    sessionName,
    duration: Math.min(requested, asserted.longest ?? requested),
    lineage: lineageOf(subject),
    // Whatever the provider asked for: AWS knows of no second factor of others (IAM User Guide, condition keys).
    mfaAt: undefined,
    sourceIdentity: asserted.sourceIdentity,
    tags: sessionTags(requestedTags(subject), null),
    policies,
    context: asserted.lasting,
  };
}

function requestedTags({ asserted: { tags } }: FederatedSubject) {
  return {
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    TransitiveTagKeys: tags.filter(({ transitive }) => transitive).map(({ key }) => key),
  };
}

import { federatedUserArn } from "../../arn/arn.ts";
import { operation } from "../../operation/operation.ts";
import { mfaTimeOf } from "../../session/actor.ts";
import type { Actor } from "../../session/actor.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { lineageOf } from "../../session/lineage.ts";
import { accessDenied } from "./faults.ts";
import { issueSession } from "./issue.ts";
import { mfaCode, requireWhole } from "./mfa-code.ts";
import { requestedPolicies, requirePolicies } from "./session-policies.ts";
import { sessionTags } from "./session-tags.ts";

const defaultDuration = 43_200;
/** Sessions of the account's root last an hour at most (STS API, GetSessionToken and GetFederationToken). */
const rootLimit = 3600;

const noPolicies = { policy: undefined, policyArns: [] };

/**
 * STS API, GetSessionToken: temporary credentials of the caller itself. It authenticates, so no policy controls it
 * (IAM User Guide, id_credentials_temp_control-access_getsessiontoken).
 */
export const getSessionToken = operation("sts", "GetSessionToken", {
  writes: false,
  load(input, context) {
    refuseSession(context.caller, "GetSessionToken");
    requireWhole(input);
  },
  proof: mfaCode,
  authorize: "always",
  handle(input, _loaded, context) {
    const { credentials, sizes } = issueSession(
      context,
      {
        kind: "user",
        account: context.account,
        issuerId: issuerOf(context.caller),
        sessionName: context.caller.entity?.name ?? "root",
        duration: duration(input.DurationSeconds, context.caller),
        lineage: lineageOf(context.caller),
        mfaAt: mfaTimeOf(context.caller),
        sourceIdentity: undefined,
        tags: [],
        policies: noPolicies,
        context: {},
      },
      input.MinimumSessionTokenSize,
    );
    const { PackedPolicySize: _, ...ofToken } = sizes;
    return { Credentials: credentials, ...ofToken };
  },
});

/** STS API, GetFederationToken: a session of a named outsider, within what the calling user may do. */
export const getFederationToken = operation("sts", "GetFederationToken", {
  writes: false,
  async load(input, context) {
    refuseSession(context.caller, "GetFederationToken");
    return {
      arn: federatedUserArn(context.partition, context.account, input.Name),
      policies: requestedPolicies(input),
    };
  },
  authorize(input, { arn }, context) {
    const tagged = input.Tags !== undefined && input.Tags.length > 0;
    const asked = tagged ? ["sts:GetFederationToken", "sts:TagSession"] : ["sts:GetFederationToken"];
    return asked.map((action) => ({
      action,
      resource: arn,
      resourceAccount: context.account,
      requestTags: input.Tags?.map((tag) => ({ key: tag.Key, value: tag.Value })),
    }));
  },
  async handle(input, { arn, policies }, context) {
    const grant: SessionGrant = {
      kind: "federated",
      account: context.account,
      issuerId: issuerOf(context.caller),
      sessionName: input.Name,
      duration: duration(input.DurationSeconds, context.caller),
      lineage: lineageOf(context.caller),
      mfaAt: undefined,
      sourceIdentity: undefined,
      tags: sessionTags(input, null),
      policies,
      context: {},
    };
    await requirePolicies(policies, context.account, context);
    const issued = issueSession(context, grant, input.MinimumSessionTokenSize);
    return {
      Credentials: issued.credentials,
      FederatedUser: { FederatedUserId: `${context.account}:${input.Name}`, Arn: arn },
      ...issued.sizes,
    };
  },
});

function refuseSession(caller: Actor, name: string): void {
  if (caller.session !== null) throw accessDenied(`Cannot call ${name} with session credentials`);
}

function issuerOf(caller: Actor): string {
  return caller.entity?.id ?? caller.account;
}

/** Seconds; the contract has held it to 900–129600. A root that asks for longer gets an hour, no refusal. */
function duration(requested: number | undefined, caller: Actor): number {
  if (caller.principal.type !== "Root") return requested ?? defaultDuration;
  return Math.min(requested ?? rootLimit, rootLimit);
}

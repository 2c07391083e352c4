import type { GetWebIdentityTokenRequest } from "../../contracts/sts/types.gen.ts";
import { isoSeconds } from "../../clock/iso.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { Actor, Tag } from "../../session/actor.ts";
import { principalArn } from "../../session/principal.ts";
import * as accounts from "../../store/organizations/accounts.ts";

/** Who says it, and when it holds: seconds since the epoch. */
export interface TokenFrame {
  /** URL. */
  readonly issuer: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What a token says, in AWS's order (observed on AWS, September 2026, radkawar/stackd captures). */
export async function claimsOf(
  input: GetWebIdentityTokenRequest,
  { issuer, issuedAt, expiresAt }: TokenFrame,
  context: OperationContext,
) {
  return {
    // One audience is a text; several are a list, in which one may stand twice.
    aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience,
    sub: subjectOf(context.caller),
    "https://sts.amazonaws.com/": await identityOf(input, context),
    iss: issuer,
    exp: expiresAt,
    iat: issuedAt,
    jti: context.environment.ids.uuid(),
  };
}

/** What AWS knows of the caller (IAM User Guide, id_roles_providers_outbound_token_claims); what is undefined is left out. */
async function identityOf(
  { Tags: requestTags = [] }: GetWebIdentityTokenRequest,
  { caller, account, request, tx }: OperationContext,
) {
  const { session, tags } = caller;
  const place = await accounts.byId(tx, account);
  return {
    source_identity: session?.sourceIdentity,
    org_id: place?.organizationId ?? undefined,
    aws_account: account,
    ou_path: place?.organizationPath == null ? undefined : [place.organizationPath],
    request_tags: recordOf(requestTags.map(({ Key: key, Value: value }) => ({ key, value }))),
    original_session_exp: session === null ? undefined : isoSeconds(session.expiresAt),
    source_region: request.region,
    principal_id: subjectOf(caller),
    federated_provider: session?.context["aws:FederatedProvider"],
    principal_tags: recordOf(tags),
  };
}

/** A role is named as such, not by its session. */
function subjectOf(caller: Actor): string {
  const { principal } = caller;
  return principal.type === "RoleSession" ? principal.roleArn : principalArn(caller);
}

function recordOf(tags: readonly Tag[]): Readonly<Record<string, string>> | undefined {
  return tags.length === 0 ? undefined : Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

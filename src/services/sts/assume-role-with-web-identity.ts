import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
} from "../../contracts/sts/types.gen.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { WebIdentity } from "../../session/actor.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { assumeFederated, federatedRequirements, federatedTarget } from "./federated-role.ts";
import type { FederatedCall, FederatedInput } from "./federated-role.ts";

/** STS API, AssumeRoleWithWebIdentity. Who the token is of was verified before (federation/oidc/web-identity.ts). */
export const assumeRoleWithWebIdentity = operation("sts", "AssumeRoleWithWebIdentity", {
  writes: false,

  load: (input, context) => federatedTarget(input, context),

  authorize(input, target, context) {
    const call = callOf(input, context);
    return federatedRequirements("sts:AssumeRoleWithWebIdentity", call, target);
  },

  handle(input, target, context): Eventual<AssumeRoleWithWebIdentityResponse> {
    const call = callOf(input, context);
    const { audience, principal, subject } = call.subject;
    context.trailNote(noteOf(call.subject));
    return gather(
      () => assumeFederated(call, target, context),
      (assumed) => ({
        ...assumed,
        SubjectFromWebIdentityToken: subject,
        Audience: audience,
        // The provider's ARN, not the issuer that the API Reference says (observed on AWS, September 2026).
        Provider: principal.provider,
      }),
    );
  },
});

/** CloudTrail's additionalEventData. That the provider has authorized the role is never false (observed on AWS, July 2026). */
function noteOf({ authorizedByProvider, connectionVerification }: WebIdentity): Readonly<Record<string, unknown>> {
  return {
    identityProviderConnectionVerificationMethod: connectionVerification,
    ...(authorizedByProvider ? { RoleAuthorizedByIdp: true } : {}),
  };
}

function callOf(
  input: AssumeRoleWithWebIdentityRequest,
  { caller }: OperationContext,
): FederatedCall & { readonly subject: WebIdentity } {
  if (caller.kind !== "webIdentity") throw new Error(`AssumeRoleWithWebIdentity was reached by a ${caller.kind}`);
  return webIdentityCall(input, caller);
}

/** What a subject asks for. */
export function webIdentityCall(
  input: FederatedInput & { readonly RoleSessionName: string },
  subject: WebIdentity,
): FederatedCall & { readonly subject: WebIdentity } {
  return {
    input,
    subject,
    sessionName: input.RoleSessionName,
    context: { "sts:RoleAuthorizedByIdp": subject.authorizedByProvider ? "true" : "false" },
  };
}

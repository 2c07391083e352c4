import type { AssumeRoleWithSAMLRequest } from "../../contracts/sts/types.gen.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { SamlSubject } from "../../session/actor.ts";
import { gather } from "../../store/sql/eventual.ts";
import { assumeFederated, federatedRequirements, federatedTarget } from "./federated-role.ts";
import type { FederatedCall } from "./federated-role.ts";

/** Roles of IAM Identity Center, which alone puts them on (STS API, AssumeRoleWithSAML). */
const reservedName = /\/AWSReservedSSO_[^/]*$/;

/** STS API, AssumeRoleWithSAML. Who is called and what the assertion says is verified by now (pipeline/strategy/saml.ts). */
export const assumeRoleWithSaml = operation("sts", "AssumeRoleWithSAML", {
  writes: false,
  load: (input, context) =>
    gather(
      () => federatedTarget(input, context),
      (target) => (reservedName.test(input.RoleArn) ? { ...target, role: undefined } : target),
    ),
  authorize: (input, target, context) =>
    federatedRequirements("sts:AssumeRoleWithSAML", callOf(input, context), target),
  handle: (input, target, context) => {
    const call = callOf(input, context);
    const { subject, subjectType, issuer, audience, nameQualifier } = call.subject;
    return gather(
      () => assumeFederated(call, target, context),
      (assumed) => ({
        ...assumed,
        Subject: subject,
        SubjectType: subjectType,
        Issuer: issuer,
        Audience: audience,
        NameQualifier: nameQualifier,
      }),
    );
  },
});

function callOf(
  input: AssumeRoleWithSAMLRequest,
  { caller }: OperationContext,
): FederatedCall & { readonly subject: SamlSubject } {
  // The contract's kind of proof leads here, and no other way does.
  if (caller.kind !== "saml") throw new Error(`AssumeRoleWithSAML by ${caller.kind}`);
  return { input, subject: caller, sessionName: caller.sessionName };
}

import type { AssumeRoleWithSAMLRequest } from "../../contracts/sts/types.gen.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { SamlSubject } from "../../session/actor.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { assumeFederated, federatedRequirements, federatedTarget } from "./federated-role.ts";
import type { FederatedCall, FederatedInput, FederatedTarget } from "./federated-role.ts";

/** Roles of IAM Identity Center, which alone puts them on (STS API, AssumeRoleWithSAML). */
const reservedName = /\/AWSReservedSSO_[^/]*$/;

/** A role that nobody puts on with an assertion is met as one that does not exist. */
export function samlTarget(input: FederatedInput, context: OperationContext): Eventual<FederatedTarget> {
  return gather(
    () => federatedTarget(input, context),
    (target) => (reservedName.test(input.RoleArn) ? { ...target, role: undefined } : target),
  );
}

/** STS API, AssumeRoleWithSAML. Who is called and what the assertion says is verified by now (pipeline/strategy/saml.ts). */
export const assumeRoleWithSaml = operation("sts", "AssumeRoleWithSAML", {
  writes: false,
  load: (input, context) => samlTarget(input, context),
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
  return samlCall(input, caller);
}

/** What a subject asks for: its assertion says how the session is called. */
export function samlCall(
  input: FederatedInput,
  subject: SamlSubject,
): FederatedCall & { readonly subject: SamlSubject } {
  return { input, subject, sessionName: subject.sessionName };
}

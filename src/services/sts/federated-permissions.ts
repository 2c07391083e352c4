import type { Requirement } from "../../authorization/requirement.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { samlCall, samlTarget } from "./assume-role-with-saml.ts";
import { webIdentityCall } from "./assume-role-with-web-identity.ts";
import { federatedRequirements, federatedTarget } from "./federated-role.ts";
import type { FederatedTarget } from "./federated-role.ts";

/** What is asked about a subject beside its proof. */
export interface AskedRole {
  readonly RoleArn: string;
  /** Of a web identity, who chooses it; an assertion has its own. */
  readonly RoleSessionName?: string | undefined;
}

/** The role as the operation that a subject would call meets it. */
export function targetOf(
  asked: AskedRole,
  { kind }: FederatedSubject,
  context: OperationContext,
): Eventual<FederatedTarget> {
  return kind === "saml" ? samlTarget(asked, context) : federatedTarget(asked, context);
}

/** What a trust policy has to allow for a subject to put on a role: the same that the operations of STS ask. */
export function federatedPermissions(
  { RoleArn, RoleSessionName = "check" }: AskedRole,
  subject: FederatedSubject,
  target: Pick<FederatedTarget, "role">,
): readonly Requirement[] {
  switch (subject.kind) {
    case "saml":
      return federatedRequirements("sts:AssumeRoleWithSAML", samlCall({ RoleArn }, subject), target);
    case "webIdentity": {
      const call = webIdentityCall({ RoleArn, RoleSessionName }, subject);
      return federatedRequirements("sts:AssumeRoleWithWebIdentity", call, target);
    }
  }
}

import type { PolicyHolder } from "../../authorization/applied-policies.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { CompiledPolicy, Policies } from "../../policy/types.ts";
import type { RecordedCaller, RecordedRequirement, Sidecar } from "../../trail/sidecar.ts";
import { asMetBy, roleByArn, trustPolicyOf } from "../sts/trust-policy.ts";

/** The policies by which a recorded requirement was decided; null when they are not kept. */
export function policiesOfMoment(
  { policies: index }: RecordedRequirement,
  recalled: readonly (Policies | null)[],
): Policies | null {
  return (index === undefined ? null : recalled[index]) ?? null;
}

/**
 * The policies by which the same requirement would be decided now: those of the same user or role (whatever it is called
 * by now; none once it is gone), of its boundary, of the session, of the role to be assumed. A resource policy that a
 * service outside gave with its question is not ours to know: that of the moment counts; null when it is not kept.
 *
 * @param seesRole whether the one who asks may know of the role
 */
export async function policiesOfNow(
  sidecar: Sidecar,
  requirement: RecordedRequirement,
  then: Policies | null,
  context: OperationContext,
  seesRole: boolean,
): Promise<Policies | null> {
  let resource: CompiledPolicy | null = null;
  if (requirement.resourcePolicy === "trust") {
    const role = await roleByArn(requirement.resource, context);
    resource = trustPolicyOf(seesRole ? role : asMetBy(context.account, role));
  } else if (requirement.resourcePolicy !== undefined) {
    if (then === null) return null;
    resource = then.resource ?? null;
  }
  const holder = await holderOf(requirement.asked ?? sidecar, context);
  return context.environment.authorizer.policiesFor(context.tx, holder, resource);
}

async function holderOf(
  { principal, entity: id, session }: Partial<RecordedCaller>,
  { tx, environment }: OperationContext,
): Promise<PolicyHolder> {
  const kind = principal?.type === "RoleSession" ? "role" : "user";
  const account = principal !== undefined && "account" in principal ? principal.account : null;
  const entity =
    id === undefined || account === null ? null : await environment.authenticator.entity(tx, account, kind, id);
  return { entity, session: session ?? null };
}

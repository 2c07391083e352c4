import { parseArn } from "../../../arn/arn.ts";
import type { OperationKeys } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as policies from "../../../store/iam/policies.ts";
import { boundaryNotAttachable } from "../entity/faults.ts";
import { unparsableArn } from "../policy/policy-faults.ts";

/** The condition key by which an administrator delegates only within a boundary (Service Authorization Reference). */
export function boundaryContext(arn: string | null | undefined): OperationKeys {
  return { "iam:PermissionsBoundary": arn ?? undefined };
}

/**
 * A boundary is a managed policy of the account, or one of AWS's that anybody may attach.
 *
 * @throws Fault ValidationError for no ARN, NoSuchEntity for a policy that cannot be a boundary
 */
export async function requireBoundaryPolicy(arn: string, context: OperationContext): Promise<void> {
  const parsed = parseArn(arn);
  if (parsed === null) throw unparsableArn();
  if (parsed.partition !== context.partition || !(await isAttachable(arn, context))) throw boundaryNotAttachable(arn);
}

async function isAttachable(arn: string, context: OperationContext): Promise<boolean> {
  const managed = context.environment.awsManaged.get(arn);
  // Policies on this path belong to service-linked roles alone.
  if (managed !== undefined) return !managed.path.startsWith("/aws-service-role/");
  // Policies of other accounts are never looked up.
  const policy = parseArn(arn)?.account === context.account ? await policies.byArn(context.tx, arn) : null;
  return policy !== null && policy.attachable;
}

import { isPolicyArn, parseArn } from "../../../arn/arn.ts";
import { isReserved } from "../../../authorization/aws-managed-policies.ts";
import type { OperationKeys } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as policies from "../../../store/iam/policies.ts";
import { boundaryNotAttachable } from "../entity/faults.ts";
import { notAPolicyArn } from "../policy/policy-faults.ts";

/** The condition key by which an administrator delegates only within a boundary (Service Authorization Reference). */
export function boundaryContext(arn: string | null | undefined): OperationKeys {
  return { "iam:PermissionsBoundary": arn ?? undefined };
}

/**
 * A boundary is a managed policy of the account, or one of AWS's that anybody may attach.
 *
 * @throws Fault InvalidInput for what is no policy's ARN, NoSuchEntity for a policy that cannot be a boundary
 */
export async function requireBoundaryPolicy(arn: string, context: OperationContext): Promise<void> {
  const parsed = parseArn(arn);
  if (parsed === null || !isPolicyArn(parsed)) throw notAPolicyArn(arn);
  if (parsed.partition !== context.partition || !(await isAttachable(arn, context))) throw boundaryNotAttachable(arn);
}

async function isAttachable(arn: string, context: OperationContext): Promise<boolean> {
  const managed = context.environment.awsManaged.get(arn);
  if (managed !== undefined) return !isReserved(managed);
  // Policies of other accounts are never looked up.
  const policy = parseArn(arn)?.account === context.account ? await policies.byArn(context.tx, arn) : null;
  return policy !== null && policy.attachable;
}

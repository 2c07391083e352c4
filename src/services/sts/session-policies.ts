import { parseArn } from "../../arn/arn.ts";
import { malformedPolicy } from "../../authorization/malformed-policy.ts";
import type { OperationContext } from "../../operation/context.ts";
import { checkGrammar, PolicyGrammarError } from "../../policy/index.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import * as policies from "../../store/iam/policies.ts";
import { validationError } from "./faults.ts";

interface RequestedPolicies {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
}

export interface SessionPolicies {
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
}

/** Managed session policies of one session (STS API, AssumeRole, PolicyArns). */
const policyArnLimit = 10;

/** Plain text of inline and managed session policies together, in characters (STS API, AssumeRole). */
export const sessionPolicyTextLimit = 2048;

/**
 * The session policies of a request, the managed ones named as such. What the inline one says and whether the others
 * exist is for `requirePolicies`, once the caller is known to be allowed: before, it would tell anybody what policies an
 * account has.
 *
 * @throws Fault ValidationError
 */
export function requestedPolicies(input: RequestedPolicies): SessionPolicies {
  if ((input.PolicyArns?.length ?? 0) > policyArnLimit) {
    throw validationError(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${policyArnLimit}`,
    );
  }
  const policyArns: string[] = [];
  for (const { arn } of input.PolicyArns ?? []) {
    if (arn === undefined) throw validationError("Each member of PolicyArns must have an arn.");
    if (policyArns.includes(arn)) continue;
    const parsed = parseArn(arn);
    if (parsed === null || parsed.service !== "iam" || !parsed.resource.startsWith("policy/")) {
      throw validationError(`${arn} is invalid`);
    }
    policyArns.push(arn);
  }
  return { policy: input.Policy, policyArns };
}

function checkInline(text: string, partition: string): void {
  try {
    checkGrammar(text, "session", { partitions: [partition] });
  } catch (error) {
    if (error instanceof PolicyGrammarError) throw malformedPolicy(error.message);
    throw error;
  }
}

/**
 * The inline policy is one, and every managed one exists, in the account of the role or as AWS's own (STS API,
 * AssumeRole, PolicyArns).
 *
 * @param account of the session
 * @throws Fault MalformedPolicyDocument, ValidationError
 */
export function requirePolicies(
  { policy, policyArns }: SessionPolicies,
  account: string,
  context: OperationContext,
): Eventual<void> {
  // A longer one is too large whatever it says.
  if (policy !== undefined && policy.length <= sessionPolicyTextLimit) checkInline(policy, context.partition);
  return policyArns.length === 0 ? undefined : requireEach(policyArns, account, context);
}

async function requireEach(policyArns: readonly string[], account: string, context: OperationContext): Promise<void> {
  for (const arn of policyArns) {
    if (context.environment.awsManaged.get(arn) !== undefined) continue;
    if (parseArn(arn)?.account !== account || (await policies.byArn(context.tx, arn)) === null) {
      throw validationError(`The session policy ${arn} does not exist in account ${account}.`);
    }
  }
}

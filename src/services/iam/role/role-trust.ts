import { isAccountId, rootArn } from "../../../arn/arn.ts";
import { bindPrincipals } from "../../../authorization/binding.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { checkGrammar, PolicyGrammarError } from "../../../policy/index.ts";
import type { PolicyDocument } from "../../../policy/document/document.ts";
import { printShort } from "../../../policy/document/print.ts";
import type { Bindings } from "../../../policy/types.ts";
import { malformedPolicy, quotaExceeded } from "../entity/faults.ts";
import { policySize } from "../policy/policy-size.ts";

/** A trust policy ready to be stored: its text written anew, and whom its principals mean from now on. */
export interface TrustPolicy {
  readonly document: string;
  readonly bindings: Bindings;
}

/**
 * Checks a trust policy as AWS does when it is saved: grammar, size, and that every principal exists.
 *
 * @throws Fault MalformedPolicyDocument, LimitExceeded
 */
export async function checkedTrustPolicy(document: string, context: OperationContext): Promise<TrustPolicy> {
  const { environment, tx } = context;
  const written = checkedGrammar(document, context);
  const limit = environment.quotas.trustPolicySize;
  if (policySize(document) > limit) throw quotaExceeded("ACLSizePerRole", limit);
  return {
    document: printShort(withRootArns(written, context.partition)),
    bindings: await bindPrincipals(tx, written, { externalAccounts: environment.externalAccounts, own: context }),
  };
}

/**
 * AWS keeps no trust policy as it was sent: GetRole shows it compact, with its elements in the grammar's order and lists of
 * one as the one (observed on AWS, September 2026, radkawar/stackd captures), and an account by its root's ARN.
 */
function withRootArns(document: PolicyDocument, partition: string): PolicyDocument {
  const shown = (value: string) => (isAccountId(value) ? rootArn(partition, value) : value);
  const statements = document.statements.map((statement) => {
    const { principal } = statement;
    if (principal === undefined || principal === "*" || principal.AWS === undefined) return statement;
    return { ...statement, principal: { ...principal, AWS: principal.AWS.map(shown) } };
  });
  return { ...document, statements };
}

function checkedGrammar(document: string, { environment, partition }: OperationContext) {
  const { compatibility, servicePrincipals } = environment;
  try {
    return checkGrammar(document, "trust", { compatibility, servicePrincipals, partitions: [partition] });
  } catch (error) {
    if (error instanceof PolicyGrammarError) throw malformedPolicy(error.message);
    throw error;
  }
}

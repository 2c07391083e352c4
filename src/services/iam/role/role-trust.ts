import { bindPrincipals } from "../../../authorization/binding.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { checkGrammar, PolicyGrammarError } from "../../../policy/index.ts";
import type { Bindings } from "../../../policy/types.ts";
import { malformedPolicy, quotaExceeded } from "../entity/faults.ts";
import { policySize } from "../policy/policy-size.ts";

/** A trust policy ready to be stored: the text as written, and whom its principals mean from now on. */
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
  const parsed = checkedGrammar(document, context);
  const limit = environment.quotas.trustPolicySize;
  if (policySize(document) > limit) throw quotaExceeded("ACLSizePerRole", limit);
  return {
    document,
    bindings: await bindPrincipals(tx, parsed, { externalAccounts: environment.externalAccounts, own: context }),
  };
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

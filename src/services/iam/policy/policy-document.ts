import type { OperationContext } from "../../../operation/context.ts";
import { checkGrammar } from "../../../policy/grammar/check.ts";
import { PolicyGrammarError } from "../../../policy/grammar/fault.ts";
import { malformedPolicy } from "../entity/faults.ts";

/**
 * Refuses a text that is no identity-based policy; managed policies that serve as boundaries have the same grammar.
 * Only of managed ones AWS demands the present policy version.
 *
 * @throws Fault MalformedPolicyDocument in AWS's words
 */
export function checkIdentityPolicy(document: string, form: "managed" | "inline", context: OperationContext): void {
  try {
    checkGrammar(document, "identity", { partitions: [context.partition], requireVersion: form === "managed" });
  } catch (error) {
    if (error instanceof PolicyGrammarError) throw malformedPolicy(error.message);
    throw error;
  }
}

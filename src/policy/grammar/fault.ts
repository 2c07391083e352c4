/** ValidationError: the text is refused before it is read as a policy. */
type RefusalCode = "MalformedPolicyDocument" | "ValidationError";

/**
 * A document that AWS would refuse to store. `message` is what the client is told, in AWS's words where AWS has words
 * for it; `cause`, when present, is the PolicySyntaxError that says where in the text the trouble is.
 */
export class PolicyGrammarError extends Error {
  readonly code: RefusalCode;
  readonly #hint: (() => string) | undefined;
  constructor(message: string, options: { cause?: unknown; hint?: () => string; code?: RefusalCode } = {}) {
    super(message, options);
    this.name = "PolicyGrammarError";
    this.code = options.code ?? "MalformedPolicyDocument";
    this.#hint = options.hint;
  }

  /**
   * What to do about it, where the message does not say: for people who check a document, not for clients. Sought when it
   * is read.
   */
  get hint(): string | undefined {
    return this.#hint?.();
  }
}

/**
 * The message for a principal that is well formed but does not exist (recorded for a role's trust policy). Existence is
 * the store's knowledge, so it is the caller who throws. Principal types are upper case but for AWS:
 * `Invalid principal in policy: "SERVICE":"nosuch.amazonaws.com"`.
 */
export function invalidPrincipalMessage(type: string, value: string): string {
  return `Invalid principal in policy: "${type.toUpperCase()}":"${value}"`;
}

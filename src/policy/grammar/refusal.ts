/** Whether IAM would store a document, as an answer instead of an exception. */
import type { PolicyKind } from "../types.ts";
import { checkGrammar } from "./check.ts";
import type { GrammarOptions } from "./check.ts";
import { PolicyGrammarError } from "./fault.ts";

/** Why a server with these options would not store the document; null when it would. */
export function refusalOf(text: string, kind: PolicyKind, options: GrammarOptions = {}): PolicyGrammarError | null {
  try {
    checkGrammar(text, kind, options);
    return null;
  } catch (error) {
    if (error instanceof PolicyGrammarError) return error;
    throw error;
  }
}

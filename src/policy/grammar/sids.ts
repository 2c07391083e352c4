/** Statement ids: their letters, and that none is there twice. */
import type { JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { PolicyGrammarError } from "./fault.ts";

/**
 * Letters and digits, as the message says: an underscore is refused too (awsdocs/iam-user-guide#282,
 * tedilabs/terraform-aws-account#58). Throws PolicyGrammarError.
 */
export function checkSids(statements: readonly JsonObject[]): void {
  checkSidLetters(statements);
  checkUniqueSids(statements);
}

/** Throws PolicyGrammarError. */
export function checkSidLetters(statements: readonly JsonObject[]): void {
  for (const statement of statements) {
    const sid = memberOf(statement, "Sid");
    if (sid?.kind !== "string" || /^[0-9A-Za-z]*$/.test(sid.value)) continue;
    throw new PolicyGrammarError(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
  }
}

/** Throws PolicyGrammarError. */
export function checkUniqueSids(statements: readonly JsonObject[]): void {
  if (!hasRepeatedSid(statements)) return;
  throw new PolicyGrammarError("Statement IDs (SID) in a single policy must be unique.");
}

/** Whether two statements carry the same Sid; the empty one does not count. */
export function hasRepeatedSid(statements: readonly JsonObject[]): boolean {
  const seen = new Set<string>();
  for (const statement of statements) {
    const sid = memberOf(statement, "Sid");
    if (sid?.kind !== "string" || sid.value === "") continue;
    if (seen.has(sid.value)) return true;
    seen.add(sid.value);
  }
  return false;
}

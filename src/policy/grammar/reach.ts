/**
 * How far a trust policy reaches: an Allow for everybody, and providers that strangers share. Both are refused unless
 * a condition narrows them.
 */
import { foldName } from "../name.ts";
import type { ConditionClause, PolicyDocument, Statement } from "../document/document.ts";
import { PolicyGrammarError } from "./fault.ts";
import { isPositive, parseOperatorName } from "./operators.ts";
import { providerOf, requiredClaims } from "./shared-providers.ts";

/** Throws PolicyGrammarError. `aws` takes what AWS takes; `strict` is the default of rolecall. */
export function checkTrustReach(document: PolicyDocument, compatibility: "strict" | "aws"): void {
  for (const statement of document.statements) {
    if (statement.effect !== "Allow") continue;
    if (compatibility === "strict") checkEverybody(statement);
    checkSharedProviders(statement, compatibility);
  }
}

const narrowingKeys: ReadonlySet<string> = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
]);

/** Refuses an Allow for `{"AWS": "*"}` that no condition narrows to known principals. */
function checkEverybody(statement: Statement): void {
  const { principal, condition = [] } = statement;
  const everybody = principal === "*" || (principal?.AWS?.includes("*") ?? false);
  if (!everybody || condition.some(narrowsPrincipal)) return;
  throw new PolicyGrammarError(
    'The principal "*" lets every principal of every account assume this role. Name the principals, or add a condition ' +
      "such as StringEquals on aws:PrincipalOrgID or aws:PrincipalAccount, or ArnLike on aws:PrincipalArn, without " +
      'IfExists or ForAllValues and with a value that is not only wildcards. The setting "compatibility: aws" accepts it.',
  );
}

/** Whether a clause holds only for principals that its values name. */
export function narrowsPrincipal(clause: ConditionClause): boolean {
  const key = foldName(clause.key);
  const operator = parseOperatorName(clause.operator);
  if (operator === null || !isPositive(operator) || !narrowingKeys.has(key)) return false;
  if (operator.type !== "String" && operator.type !== "Arn") return false;
  return clause.values.length > 0 && clause.values.every((value) => namesSomebody(key, value));
}

/** Whether a value says anything once wildcards, variables and the fixed parts of its form are taken away. */
function namesSomebody(key: string, value: string): boolean {
  const literal = withoutWildcards(value);
  if (key !== "aws:principalarn") return literal.replace(/^o-/, "").replaceAll("/", "") !== "";
  // The account and the name are what tells one principal from another; `arn:aws:iam::*:role/*` has neither.
  const [account = "", ...resource] = literal.split(":").slice(4);
  return account !== "" || resource.join(":").replace(/^[a-z-]*\/?/, "") !== "";
}

/** A policy variable can stand for the caller's own value, so it narrows no more than a wildcard does. */
function withoutWildcards(value: string): string {
  return value.replaceAll(/\$\{[^}]*\}|[*?]/g, "");
}

/** Refuses shared identity providers without a condition on the claim that tells one tenant from another. */
function checkSharedProviders(statement: Statement, compatibility: "strict" | "aws"): void {
  const { principal, condition = [] } = statement;
  if (principal === undefined || principal === "*") return;
  for (const federated of principal.Federated ?? []) {
    const claims = requiredClaims(providerOf(federated));
    if (claims === null || condition.some((clause) => scopesClaim(clause, claims, compatibility))) continue;
    throw new PolicyGrammarError(
      federated === "cognito-identity.amazonaws.com" && condition.length === 0
        ? "A condition block must be present for the Cognito provider"
        : `Trust policy with trusted principal ${federated} must evaluate, using StringEquals, StringLike or ` +
            `StringEqualsIgnoreCase, ${claims.join(" or ")} which is not scoped to all.`,
    );
  }
}

const scopingOperators: ReadonlySet<string> = new Set(["StringEquals", "StringLike", "StringEqualsIgnoreCase"]);

/** Whether a clause tests one of the claims for a value that is not only wildcards. */
export function scopesClaim(
  clause: ConditionClause,
  claims: readonly string[],
  compatibility: "strict" | "aws",
): boolean {
  const operator = parseOperatorName(clause.operator);
  if (operator === null || !isPositive(operator) || !scopingOperators.has(operator.base)) return false;
  const key = foldName(clause.key);
  if (!claims.some((claim) => foldName(claim) === key)) return false;
  const scoped = (value: string) => withoutWildcards(value).trim() !== "";
  // AWS looks for one value that is scoped and lets a `*` beside it pass (seen in 2026), which opens the role to all.
  return compatibility === "aws" ? clause.values.some(scoped) : clause.values.length > 0 && clause.values.every(scoped);
}

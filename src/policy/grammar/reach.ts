/**
 * How far a trust policy reaches: an Allow for everybody, and providers that strangers share. Both are refused unless
 * a condition narrows them.
 */
import { foldName } from "../name.ts";
import type { ConditionClause, PolicyDocument, Statement } from "../document/document.ts";
import { PolicyGrammarError } from "./fault.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";
import { isPositive, parseOperatorName } from "./operators.ts";
import { tenantRule } from "./shared-providers.ts";
import type { TenantRule } from "./shared-providers.ts";

/** Throws PolicyGrammarError. `aws` takes everybody, as AWS does; `strict` is the default of rolecall. */
export function checkTrustReach(document: PolicyDocument, compatibility: "strict" | "aws"): void {
  for (const statement of document.statements) {
    if (statement.effect !== "Allow") continue;
    if (compatibility === "strict") checkEverybody(statement);
    checkSharedProviders(statement);
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

/** Refuses shared identity providers without a condition on what tells one tenant from another. */
function checkSharedProviders(statement: Statement): void {
  const { principal, condition = [] } = statement;
  if (principal === undefined || principal === "*") return;
  const byKey = clausesByKey(condition);
  // Each provider once, with the clauses about its own keys alone: a document may have thousands of both.
  for (const rule of tenantRules(principal.Federated ?? []).values()) {
    if (rule.provider === cognito && condition.length === 0 && assumesRole(statement)) {
      throw new PolicyGrammarError("A condition block must be present for the Cognito provider");
    }
    if (!admitsWebIdentity(statement) || testsTenant(clausesOf(rule, byKey), rule)) continue;
    throw new PolicyGrammarError(
      rule.builtIn
        ? `Policy trusting ${rule.shown} requires a StringEquals condition on an application id`
        : `Trust policy with trusted principal ${rule.shown} must evaluate, using StringEquals, StringLike or ` +
            `StringEqualsIgnoreCase, ${rule.keys.join(" or ")} which is not scoped to all.`,
    );
  }
}

/** The rules of those that have one, by provider, as the first that names it is shown. */
function tenantRules(federated: readonly string[]): ReadonlyMap<string, TenantRule> {
  const rules = new Map<string, TenantRule>();
  for (const name of federated) {
    const rule = tenantRule(name);
    if (rule !== null && !rules.has(rule.provider)) rules.set(rule.provider, rule);
  }
  return rules;
}

export type ClausesByKey = ReadonlyMap<string, readonly ConditionClause[]>;

export function clausesByKey(clauses: readonly ConditionClause[]): ClausesByKey {
  const byKey = new Map<string, ConditionClause[]>();
  for (const clause of clauses) {
    const key = foldName(clause.key);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [clause]);
    else others.push(clause);
  }
  return byKey;
}

/** The clauses about what tells the tenants of a provider apart. */
export function clausesOf({ keys, builtIn }: TenantRule, byKey: ClausesByKey): readonly ConditionClause[] {
  const clauses = keys.flatMap((key) => byKey.get(foldName(key)) ?? []);
  return builtIn ? clauses.filter(({ key }) => keys.includes(key)) : clauses;
}

const cognito = "cognito-identity.amazonaws.com";

type Actions = Pick<Statement, "action" | "notAction">;

/** Whether a statement is about more than tags and source identities. */
function assumesRole({ action }: Actions): boolean {
  return action === undefined || action.some((name) => foldName(name).startsWith("sts:assumerole"));
}

/** Whether a statement lets somebody in by a token of an OIDC provider. */
export function admitsWebIdentity({ action, notAction = [] }: Actions): boolean {
  const isMeant = (name: string) => matchesPattern(patternOf(foldName(name)), "sts:assumerolewithwebidentity");
  return action === undefined ? !notAction.some(isMeant) : action.some(isMeant);
}

const equalities: ReadonlySet<string> = new Set(["StringEquals", "StringEqualsIgnoreCase"]);

/**
 * Whether AWS takes clauses on the right keys for a test of the tenant: under one operator at least, all values of all of
 * them tell one. `?`, `**` and no value at all count, and so does ForAllValues, which holds without the claim:
 * `namesTenant` says what really narrows.
 */
export function testsTenant(clauses: readonly ConditionClause[], rule: TenantRule): boolean {
  const telling = new Map<string, boolean>();
  for (const { operator, values } of clauses) {
    const tells = values.every((value) => tellsTenant(value, rule));
    telling.set(operator, tells && (telling.get(operator) ?? true));
  }
  return [...telling].some(([operator, tells]) => tells && isTest(operator, rule));
}

function isTest(name: string, { builtIn }: TenantRule): boolean {
  const operator = parseOperatorName(name);
  if (operator === null || operator.ifExists || operator.negated) return false;
  return equalities.has(operator.base) || (!builtIn && operator.base === "StringLike");
}

function tellsTenant(value: string, { values }: TenantRule): boolean {
  switch (values) {
    case "any":
      return true;
    case "not the star":
      return value !== "*";
    case "from the start":
      return value.trim() !== "" && !value.startsWith("*");
  }
}

/** Whether a clause on the right key holds for tenants alone that its values name, at least in part. */
export function namesTenant({ operator, values }: ConditionClause): boolean {
  const known = parseOperatorName(operator);
  if (known === null || !isPositive(known) || known.type !== "String") return false;
  return values.length > 0 && values.every((value) => withoutWildcards(value).trim() !== "");
}

/** What is particular to trust policies: actions that fit the principals, and how far the trust reaches. */
import { parseArn } from "../../arn/arn.ts";
import { knownContextKey } from "../context-key.ts";
import type { ContextKey } from "../context-key.ts";
import { isTrustAction } from "../grammar/trust.ts";
import type { ConditionClause } from "../document/document.ts";
import {
  admitsWebIdentity,
  clausesByKey,
  clausesOf,
  namesTenant,
  narrowsPrincipal,
  testsTenant,
} from "../grammar/reach.ts";
import { providerOf, tenantRule } from "../grammar/shared-providers.ts";
import type { TenantRule } from "../grammar/shared-providers.ts";
import { memberOf } from "../../json/read.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";
import { foldName } from "../name.ts";
import type { IssueCode, Report } from "./finding.ts";
import type { ClauseView, PrincipalView, StatementView } from "./statement.ts";
import { textOf } from "./statement.ts";

export function checkTrust(report: Report, statement: StatementView): void {
  for (const element of ["Resource", "NotResource"]) {
    const node = memberOf(statement.node, element);
    if (node !== undefined) report.add("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", node);
  }
  for (const node of [...statement.actions, ...statement.notActions]) {
    if (!isTrustAction(node.value)) report.add("ROLE_TRUST_POLICY_ACTION_NOT_SUPPORTED", node, { action: node.value });
  }
  checkRedundantSessions(report, statement);
  if (statement.effect !== "Allow") return;
  checkMismatch(report, statement);
  checkMissingActions(report, statement);
  checkEverybody(report, statement);
  if (admitsWebIdentity(actionsOf(statement))) checkProviders(report, statement);
  checkAudiences(report, statement);
}

function has(statement: StatementView, action: string): boolean {
  return statement.actions.some(({ value }) => matchesPattern(patternOf(value.toLowerCase()), action.toLowerCase()));
}

function isSaml({ type, node }: PrincipalView): boolean {
  return type === "Federated" && (parseArn(node.value)?.resource.startsWith("saml-provider/") ?? false);
}

/** Each AssumeRole action has its own kind of principal. */
function checkMismatch(report: Report, statement: StatementView): void {
  const fits: readonly (readonly [string, (principal: PrincipalView) => boolean])[] = [
    ["sts:AssumeRole", ({ type }) => type !== "Federated"],
    ["sts:AssumeRoleWithSAML", isSaml],
    ["sts:AssumeRoleWithWebIdentity", (principal) => principal.type === "Federated" && !isSaml(principal)],
  ];
  for (const [action, fit] of fits) {
    const node = statement.actions.find(({ value }) => value.toLowerCase() === action.toLowerCase());
    if (node === undefined || statement.principals.length === 0 || statement.principals.some(fit)) continue;
    const principalNames = statement.principals.map((principal) => principal.node.value).join(", ");
    report.add("MISMATCHED_ACTION_FOR_PRINCIPAL", node, { actionName: action, principalNames });
  }
}

/** Actions that bring keys into a request. */
const settingActions: Partial<Readonly<Record<ContextKey, string>>> = {
  "aws:RequestTag/${TagKey}": "sts:TagSession",
  "aws:TagKeys": "sts:TagSession",
  "sts:TransitiveTagKeys": "sts:TagSession",
  "sts:SourceIdentity": "sts:SetSourceIdentity",
};

function checkMissingActions(report: Report, statement: StatementView): void {
  for (const { key } of statement.clauses) {
    const known = knownContextKey(foldName(key.value));
    const actionName = known && settingActions[known.name];
    if (actionName === undefined || statement.actions.length === 0 || has(statement, actionName)) continue;
    report.add("MISSING_ACTION_FOR_CONDITION_KEY", key, { actionName, keyName: key.value });
  }
  const anywhere = statement.principals.find(({ node }) => node.value === "rolesanywhere.amazonaws.com");
  const needed = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];
  if (anywhere !== undefined && !needed.every((action) => has(statement, action))) {
    report.add("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", anywhere.node);
  }
}

function checkEverybody(report: Report, statement: StatementView): void {
  const everybody = statement.principals.find(({ type, node }) => type === "AWS" && node.value === "*");
  if (everybody === undefined || statement.clauses.map(conditionOf).some(narrowsPrincipal)) return;
  report.add("ROLE_TRUST_POLICY_OPEN_TO_EVERYBODY", everybody.node);
}

function conditionOf(clause: ClauseView) {
  return { operator: clause.operator.value, key: clause.key.value, values: clause.values.map(textOf) };
}

const gitHub = "token.actions.githubusercontent.com";

function checkProviders(report: Report, { principals, clauses }: StatementView): void {
  const byKey = clausesByKey(clauses.map(conditionOf));
  const issuers = new Set(clauses.map(({ key }) => key.value.toLowerCase().replace(/:[^:]*$/, "")));
  const judged = new Map<string, readonly IssueCode[]>();
  for (const principal of principals) {
    if (principal.type !== "Federated" || isSaml(principal)) continue;
    const rule = tenantRule(principal.node.value);
    if (rule !== null) {
      // Each provider is judged once: a document may have thousands of principals and clauses.
      const found = judged.get(rule.provider) ?? tenantFindings(rule, clausesOf(rule, byKey));
      judged.set(rule.provider, found);
      for (const code of found)
        report.add(code, principal.node, { provider: rule.provider, keys: rule.keys.join(", ") });
    } else if (!issuers.has(providerOf(principal.node.value))) {
      report.add("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", principal.node);
    }
  }
  if (principals.some(({ type, node }) => type === "Federated" && providerOf(node.value) === gitHub)) {
    checkRepositories(report, clauses);
  }
}

function checkRepositories(report: Report, clauses: readonly ClauseView[]): void {
  for (const { key, name, values } of clauses) {
    if (key.value.toLowerCase() !== `${gitHub}:sub` || !name?.base.includes("Like")) continue;
    for (const value of values) {
      // Only a star in owner, repository or ref names several of them; `*` alone is reported above.
      const text = textOf(value);
      if (/[*?]/.test(text) && /[^*?]/.test(text)) report.add("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", value);
    }
  }
}

function tenantFindings(rule: TenantRule, clauses: readonly ConditionClause[]): readonly IssueCode[] {
  if (!testsTenant(clauses, rule)) {
    const notScoped = "ROLE_TRUST_POLICY_SHARED_PROVIDER_NOT_SCOPED";
    return rule.provider === gitHub ? [notScoped, "MISSING_GITHUB_REPO_CONDITION_KEY"] : [notScoped];
  }
  return clauses.some(namesTenant) ? [] : ["ROLE_TRUST_POLICY_SHARED_PROVIDER_LOOSELY_SCOPED"];
}

function actionsOf({ actions, notActions }: StatementView) {
  const [action, notAction] = [actions, notActions].map((nodes) => nodes.map(({ value }) => value));
  return actions.length > 0 ? { action: action! } : { notAction: notAction! };
}

function checkAudiences(report: Report, statement: StatementView): void {
  for (const { key, name } of statement.clauses) {
    const audience = /^[^:]+\.[^:]+:aud$/i.test(key.value);
    if (audience && name !== null && name.quantifier !== "one") report.add("CONFIRM_AUDIENCE_CLAIM_TYPE", key);
  }
}

/** A role's principal covers its sessions. */
function checkRedundantSessions(report: Report, statement: StatementView): void {
  const roles = new Map<string, string>();
  for (const { node } of statement.principals) {
    const arn = parseArn(node.value);
    if (arn?.service !== "iam" || !arn.resource.startsWith("role/")) continue;
    roles.set(`${arn.account}/${arn.resource.slice(arn.resource.lastIndexOf("/") + 1)}`, node.value);
  }
  for (const { node } of statement.principals) {
    const arn = parseArn(node.value);
    if (arn?.service !== "sts" || !arn.resource.startsWith("assumed-role/")) continue;
    const parentRole = roles.get(`${arn.account}/${arn.resource.split("/")[1]}`);
    if (parentRole === undefined) continue;
    report.add("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", node, { redundantPrincipal: node.value, parentRole });
  }
}

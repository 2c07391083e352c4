/**
 * Findings about a policy document as IAM Access Analyzer's ValidatePolicy gives them, with what to do about each.
 * Every check runs on what can be understood of the document, so that one error does not hide the others.
 */
import type { JsonNode } from "../../json/read.ts";
import { memberOf, PolicySyntaxError, readJson } from "../../json/read.ts";
import { partitions as allPartitions } from "../../arn/partition.ts";
import type { GrammarOptions } from "../grammar/check.ts";
import { refusalOf } from "../grammar/refusal.ts";
import type { PolicyKind } from "../types.ts";
import { checkActions } from "./actions.ts";
import { checkAttached } from "./attached.ts";
import type { AttachedType } from "./attached.ts";
import { checkValues } from "./condition-values.ts";
import { checkClauses, checkConditionForm } from "./conditions.ts";
import { checkConfusedDeputy } from "./confused-deputy.ts";
import { checkDenies } from "./denies.ts";
import { checkEscalation } from "./escalation.ts";
import type { Finding, IssueCode } from "./finding.ts";
import { Report } from "./finding.ts";
import { checkPrincipals } from "./principals.ts";
import { checkRedundancy } from "./redundancy.ts";
import { checkRegionValues } from "./regions.ts";
import type { RegionData } from "./regions.ts";
import { checkResources } from "./resources.ts";
import { checkServicePrincipals } from "./service-principals.ts";
import type { ServiceData } from "./services.ts";
import type { StatementView } from "./statement.ts";
import { statementView } from "./statement.ts";
import { checkDocument, checkElements } from "./structure.ts";
import { checkTrust } from "./trust.ts";
import { checkVariables } from "./variables.ts";

/**
 * What a server takes is part of the options of `checkGrammar`, so that both say the same; partitions are all that there are
 * by default.
 */
export interface ValidateOptions extends GrammarOptions {
  readonly kind: PolicyKind;
  /** Without it nothing is said about whether actions, keys and ARN formats exist. */
  readonly services?: ServiceData;
  /** Without it nothing is said about whether Regions exist. */
  readonly regions?: RegionData;
  /** What a policy of kind `resource` is attached to; without it nothing is said about whether it speaks of that. */
  readonly attachedTo?: AttachedType;
}

/** All findings, in the order of the text; empty for a document with nothing to improve. Never throws for a document. */
export function validate(text: string, options: ValidateOptions): Finding[] {
  const { kind } = options;
  let root: JsonNode;
  try {
    root = readJson(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return [syntaxFinding(text, error)];
    throw error;
  }
  const report = new Report(text, root);
  const nodes = checkDocument(report, root);
  checkElements(report, nodes, kind);
  const version = root.kind === "object" ? memberOf(root, "Version") : undefined;
  const statements = nodes.map(statementView);
  for (const statement of statements) {
    checkConditionForm(report, statement.node);
    checkStatement(report, statement, options);
    checkVariables(report, statement, version?.kind === "string" ? version.value : undefined, options.services);
  }
  checkRedundancy(report, statements);
  checkSize(report, root, kind);
  checkRefusal(report, text, options);
  return report.findings();
}

/**
 * Whatever IAM refuses is an error here too. Access Analyzer's own errors say most of it, and where; what it knows nothing
 * of (the older parser, services that do not exist) is said in IAM's words, with what to do.
 */
function checkRefusal(report: Report, text: string, options: ValidateOptions): void {
  // A document may become an inline policy, which needs no Version; a boundary is always a managed one.
  const { kind, partitions = allPartitions, requireVersion = kind === "boundary" } = options;
  const refusal = refusalOf(text, kind, { ...options, partitions, requireVersion });
  if (refusal === null) return;
  const { hint } = refusal;
  if (hint === undefined && report.hasError) return;
  const values = {
    reason: refusal.message,
    hint: hint ?? "Correct what the sentence names, or say which partition the policy is for.",
  };
  report.addAt("POLICY_REFUSED", [], 0, text.length, values);
}

function checkStatement(report: Report, statement: StatementView, options: ValidateOptions): void {
  const { kind, services, regions, attachedTo } = options;
  checkPrincipals(report, statement, kind);
  checkActions(report, statement, services);
  if (kind !== "trust") checkResources(report, statement, services, regions);
  checkClauses(report, statement, services);
  checkValues(report, statement);
  checkDenies(report, statement, services);
  checkRegionValues(report, statement, regions);
  // Only policies that grant can grant too much.
  if (kind === "identity" || kind === "resource") checkEscalation(report, statement);
  checkConfusedDeputy(report, statement, kind);
  if (kind === "resource" || kind === "trust") checkServicePrincipals(report, statement);
  if (kind === "resource" && attachedTo !== undefined) checkAttached(report, statement, attachedTo, services);
  if (kind === "trust") checkTrust(report, statement);
  if (kind === "rcp") checkResourceControl(report, statement);
}

function checkResourceControl(report: Report, { node, effect, actions }: StatementView): void {
  const allow = memberOf(node, "Effect");
  if (effect === "Allow" && allow !== undefined) report.add("RCP_SYNTAX_ERROR_ALLOW", allow);
  const notAction = memberOf(node, "NotAction");
  if (notAction !== undefined) report.add("RCP_SYNTAX_ERROR_NOTACTION", notAction);
  for (const action of actions) if (action.value === "*") report.add("RCP_SYNTAX_ERROR_ACTION", action);
}

/**
 * Characters without white space (IAM User Guide, reference_iam-quotas; Organizations User Guide,
 * orgs_reference_limits).
 */
const quotas: Partial<Readonly<Record<PolicyKind, readonly [IssueCode, number]>>> = {
  identity: ["POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA", 6144],
  boundary: ["POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA", 6144],
  trust: ["POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", 2048],
  resource: ["POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", 20480],
  scp: ["POLICY_SIZE_EXCEEDS_SCP_QUOTA", 5120],
  rcp: ["POLICY_SIZE_EXCEEDS_RCP_QUOTA", 5120],
};

/**
 * What Access Analyzer takes for the quota of an identity policy: that of the inline policies of a role. It counts one
 * character more than there are (both recorded from AWS, March 2026, from 25 policies).
 */
const identityPolicySize = 10_240;

function checkSize(report: Report, root: JsonNode, kind: PolicyKind): void {
  const quota = quotas[kind];
  if (quota === undefined) return;
  if ((kind === "identity" || kind === "boundary") && report.size >= identityPolicySize) {
    const values = { policySize: report.size + 1, policySizeQuota: identityPolicySize };
    report.add("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", root, values);
    return;
  }
  const [code, policySizeQuota] = quota;
  if (report.size > policySizeQuota) report.add(code, root, { policySize: report.size, policySizeQuota });
}

function syntaxFinding(text: string, { message, line, column, offset }: PolicySyntaxError): Finding {
  const report = new Report(text, null);
  const values = { index: offset, line, column, reason: message };
  report.addAt("JSON_SYNTAX_ERROR", [], offset, Math.min(offset + 1, text.length), values);
  return report.findings()[0]!;
}

/**
 * Prefixes of the services that a document speaks of, lower case: what a caller has to load before `validate`.
 * Empty for a text that is not JSON.
 */
export function servicesOf(text: string): string[] {
  const found = new Set<string>();
  let root: JsonNode;
  try {
    root = readJson(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return [];
    throw error;
  }
  for (const node of checkDocument(new Report(text, root), root)) {
    const view = statementView(node, 0);
    for (const { value } of [...view.actions, ...view.notActions]) found.add(value.split(":")[0]!);
    for (const { value } of [...view.resources, ...view.notResources]) found.add(value.split(":")[2] ?? "");
    for (const { key } of view.clauses) found.add(key.value.split(":")[0]!);
  }
  return [...found].map((prefix) => prefix.toLowerCase()).filter((prefix) => /^[a-z0-9.-]+$/.test(prefix));
}

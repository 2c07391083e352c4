/** From a request and everything that it is judged by to a decision. */
import { compiled } from "./compile.ts";
import { decide } from "./decide.ts";
import type { Verdicts } from "./decide.ts";
import { lowerCaseAction } from "./action-name.ts";
import { Grant } from "./principal-match.ts";
import { applies } from "./statement.ts";
import type { Question } from "./statement.ts";
import type { CompiledPolicy, Decision, DeterminingStatement, Layer, Policies, Principal, Request } from "./types.ts";

/**
 * Judges a request. Pure: the same request and policies always give the same decision.
 *
 * @throws TypeError when a policy was not made by `compile`
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const question = questionOf(request, policies);
  if (isAlwaysAllowed(question.action)) return withoutPolicy;
  const findings = read(question, policies);
  const { outcome, layer } = decide(request, findings);
  return { outcome, allowed: outcome === "Allowed", layer, statements: statementsOf(findings, outcome, layer) };
}

/** No permission is needed, and none can take it away (AWS STS API Reference, GetCallerIdentity). */
export function isAlwaysAllowed(action: string): boolean {
  return action === "sts:getcalleridentity";
}

const withoutPolicy: Decision = Object.freeze({ outcome: "Allowed", allowed: true, layer: null, statements: [] });

export function questionOf(request: Request, policies: Policies): Question {
  return {
    action: lowerCaseAction(request.action),
    resource: request.resource,
    principal: request.principal,
    context: request.context,
    bounded: isThere(policies.boundaries),
  };
}

/** What the layers say, and which statements said it. */
export interface Findings extends Verdicts {
  denies: readonly DeterminingStatement[];
  resourceAllows: readonly DeterminingStatement[];
  identityAllows: readonly DeterminingStatement[];
}

/**
 * Reads every layer that applies to the request, in the order of AWS's flowchart
 * (reference_policies_evaluation-logic_policy-eval-denyallow), until one denies explicitly.
 */
export function read(question: Question, policies: Policies): Findings {
  const findings: Findings = {
    denied: null,
    scp: true,
    endpoint: true,
    isTrust: policies.resource?.kind === "trust",
    resource: Grant.none,
    identity: false,
    boundary: true,
    session: true,
    denies: none,
    resourceAllows: none,
    identityAllows: none,
  };
  const { principal } = question;
  const organized = !isServiceLinked(principal);
  // RCPs bind every caller of the account's resources. RCPFullAWSAccess is always attached, so only a Deny counts
  // (AWS Organizations User Guide, orgs_manage_policies_rcps).
  if (organized && isThere(policies.rcps)) {
    for (const level of policies.rcps) {
      const layer = readLayer(level, question);
      if (layer.denies !== none) return deny(findings, "rcp", layer);
    }
  }
  // SCPs bind the users, roles and root of the account that they are attached to; every level must allow
  // (orgs_manage_policies_scps_evaluation).
  if (organized && hasAccountPolicies(principal) && isThere(policies.scps)) {
    for (const level of policies.scps) {
      const layer = readLayer(level, question);
      if (layer.denies !== none) return deny(findings, "scp", layer);
      if (layer.grant === Grant.none) findings.scp = false;
    }
  }
  if (isThere(policies.resource)) {
    const layer = readLayer([policies.resource], question);
    if (layer.denies !== none) return deny(findings, findings.isTrust ? "trust" : "resource", layer);
    findings.resource = layer.grant;
    findings.resourceAllows = layer.allows;
  }
  if (hasAccountPolicies(principal)) {
    const identity = readLayer(policies.identity, question);
    if (identity.denies !== none) return deny(findings, "identity", identity);
    findings.identity = identity.grant !== Grant.none;
    findings.identityAllows = identity.allows;
    if (isThere(policies.boundaries)) {
      // One entity has one boundary. Should there be several, each is a ceiling of its own.
      findings.boundary = policies.boundaries.length > 0;
      for (const boundary of policies.boundaries) {
        const layer = readLayer([boundary], question);
        if (layer.denies !== none) return deny(findings, "boundary", layer);
        if (layer.grant === Grant.none) findings.boundary = false;
      }
    }
    if (isThere(policies.session)) {
      const session = readLayer(policies.session, question);
      if (session.denies !== none) return deny(findings, "session", session);
      findings.session = session.grant !== Grant.none;
    } else findings.session = principal.type !== "FederatedUser";
  }
  if (isThere(policies.endpoint)) {
    const endpoint = readLayer([policies.endpoint], question);
    if (endpoint.denies !== none) return deny(findings, "endpoint", endpoint);
    findings.endpoint = endpoint.grant !== Grant.none;
  }
  return findings;
}

/** Service-linked roles are bound by neither SCPs nor RCPs (orgs_manage_policies_scps, orgs_manage_policies_rcps). */
function isServiceLinked(principal: Principal): boolean {
  return principal.type === "RoleSession" && principal.roleArn.includes(":role/aws-service-role/");
}

/** Callers that an account can give permissions to; for all others only the resource's policy speaks. */
export function hasAccountPolicies(principal: Principal): principal is Extract<Principal, { arn: string }> {
  return "arn" in principal;
}

function isThere<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

const none: readonly DeterminingStatement[] = Object.freeze([]);

interface LayerReading {
  /** The strongest grant of the statements that allow. */
  grant: Grant;
  allows: readonly DeterminingStatement[];
  denies: readonly DeterminingStatement[];
}

function readLayer(policies: readonly CompiledPolicy[], question: Question): LayerReading {
  const reading: LayerReading = { grant: Grant.none, allows: none, denies: none };
  for (const policy of policies) {
    const { rules, statements, determining } = compiled(policy);
    for (const index of rules.actions.statementsFor(question.action)) {
      const statement = statements[index]!;
      const grant = applies(statement, question);
      if (grant === Grant.none) continue;
      if (!statement.allow) reading.denies = add(reading.denies, determining[index]!);
      else {
        reading.allows = add(reading.allows, determining[index]!);
        if (grant > reading.grant) reading.grant = grant;
      }
    }
  }
  return reading;
}

/** Most layers have one statement that matters: its own list serves then. */
function add(list: readonly DeterminingStatement[], one: readonly [DeterminingStatement]): readonly DeterminingStatement[] {
  return list === none ? one : [...list, ...one];
}

function deny(findings: Findings, layer: Layer, reading: LayerReading): Findings {
  findings.denied = layer;
  findings.denies = reading.denies;
  return findings;
}

function statementsOf(findings: Findings, outcome: Decision["outcome"], layer: Layer | null): readonly DeterminingStatement[] {
  if (outcome === "ExplicitlyDenied") return findings.denies;
  if (outcome === "ImplicitlyDenied" || layer === null) return none;
  if (layer !== "identity") return findings.resourceAllows;
  // Cross-account, and by delegation to the account, both sides made the decision.
  return findings.resourceAllows === none ? findings.identityAllows : [...findings.identityAllows, ...findings.resourceAllows];
}

/** Reads the layers of policies that apply to a request: who allows, who denies, and by which statements. */
import type { Verdicts } from "./decide.ts";
import { Grant } from "../match/principal-match.ts";
import { candidatesOf } from "./policy-set.ts";
import { applies } from "../match/statement.ts";
import type { Question } from "../match/statement.ts";
import type { CompiledPolicy, DeterminingStatement, Layer, Policies, PolicyKind, Principal } from "../types.ts";

/** A KMS key, whose policy is the primary way to it (KMS Developer Guide, key-policies). */
const keyArn = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//;

/** What the layers say, and which statements said it. */
export interface Findings extends Verdicts {
  denies: readonly DeterminingStatement[];
  resourceAllows: readonly DeterminingStatement[];
  identityAllows: readonly DeterminingStatement[];
}

/**
 * Reads every layer that applies to the request, in the order of AWS's flowchart
 * (reference_policies_evaluation-logic_policy-eval-denyallow).
 *
 * @param thorough go on after an explicit deny, which alone decides, to learn what else stands in the way
 */
export function readLayers(question: Question, policies: Policies, thorough = false): Findings {
  const findings: Findings = {
    denied: null,
    scp: true,
    endpoint: true,
    isTrust: policies.resource?.kind === "trust",
    mustGrant: isThere(policies.resource) && (policies.resource.kind === "trust" || keyArn.test(question.resource)),
    resource: Grant.none,
    identity: false,
    boundary: true,
    session: true,
    denies: none,
    resourceAllows: none,
    identityAllows: none,
  };
  const { principal } = question;
  const organized = isOrganized(principal);
  // RCPs bind every caller of the account's resources. RCPFullAWSAccess is always attached, so only a Deny counts
  // (AWS Organizations User Guide, orgs_manage_policies_rcps).
  if (organized && isThere(policies.rcps)) {
    for (const level of policies.rcps) {
      const layer = readLayer(level, "rcp", question);
      if (deniesBy(layer, "rcp", findings) && !thorough) return findings;
    }
  }
  // SCPs bind the users, roles and root of the account that they are attached to; every level must allow
  // (orgs_manage_policies_scps_evaluation).
  if (organized && hasAccountPolicies(principal) && isThere(policies.scps)) {
    for (const level of policies.scps) {
      const layer = readLayer(level, "scp", question);
      if (deniesBy(layer, "scp", findings) && !thorough) return findings;
      if (layer.grant === Grant.none) findings.scp = false;
    }
  }
  if (isThere(policies.resource)) {
    const layer = readLayer([policies.resource], findings.isTrust ? "trust" : "resource", question);
    if (deniesBy(layer, findings.isTrust ? "trust" : "resource", findings) && !thorough) return findings;
    findings.resource = layer.grant;
    findings.resourceAllows = layer.allows;
  }
  // Who has no account policies gains nothing by them, and yet a deny in what was given counts: it fails closed.
  const identity = readLayer(policies.identity, "identity", question);
  if (deniesBy(identity, "identity", findings) && !thorough) return findings;
  findings.identity = identity.grant !== Grant.none;
  findings.identityAllows = identity.allows;
  if (isThere(policies.boundaries)) {
    // One entity has one boundary. Should there be several, each is a ceiling of its own.
    findings.boundary = policies.boundaries.length > 0;
    for (const boundary of policies.boundaries) {
      const layer = readLayer([boundary], "boundary", question);
      if (deniesBy(layer, "boundary", findings) && !thorough) return findings;
      if (layer.grant === Grant.none) findings.boundary = false;
    }
  }
  if (isThere(policies.session)) {
    const session = readLayer(policies.session, "session", question);
    if (deniesBy(session, "session", findings) && !thorough) return findings;
    findings.session = session.grant !== Grant.none;
  } else findings.session = principal.type !== "FederatedUser";
  if (isThere(policies.endpoint)) {
    const endpoint = readLayer([policies.endpoint], "endpoint", question);
    if (deniesBy(endpoint, "endpoint", findings) && !thorough) return findings;
    findings.endpoint = endpoint.grant !== Grant.none;
  }
  return findings;
}

/** Service-linked roles are bound by neither SCPs nor RCPs (orgs_manage_policies_scps, orgs_manage_policies_rcps). */
export function isOrganized(principal: Principal): boolean {
  return principal.type !== "RoleSession" || !principal.roleArn.includes(":role/aws-service-role/");
}

/** Callers that an account can give permissions to; for all others only the resource's policy speaks. */
export function hasAccountPolicies(principal: Principal): principal is Extract<Principal, { arn: string }> {
  return "arn" in principal;
}

export function isThere<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

export const none: readonly DeterminingStatement[] = Object.freeze([]);

interface LayerReading {
  /** The strongest grant of the statements that allow. */
  grant: Grant;
  allows: readonly DeterminingStatement[];
  denies: readonly DeterminingStatement[];
}

/** Reads policies of one kind: the strongest grant, and the statements that allow and that deny. */
export function readLayer(policies: readonly CompiledPolicy[], kind: PolicyKind, question: Question): LayerReading {
  const reading: LayerReading = { grant: Grant.none, allows: none, denies: none };
  for (const { statement, determining } of candidatesOf(policies, kind, question.action)) {
    const grant = applies(statement, question);
    if (grant === Grant.none) continue;
    if (!statement.allow) reading.denies = add(reading.denies, determining);
    else {
      reading.allows = add(reading.allows, determining);
      if (grant > reading.grant) reading.grant = grant;
    }
  }
  return reading;
}

/** Most layers have one statement that matters: the list of one that it has by itself serves then, and is never changed. */
function add(
  list: readonly DeterminingStatement[],
  one: readonly [DeterminingStatement],
): readonly DeterminingStatement[] {
  if (list === none) return one;
  if (list.length === 1) return [list[0]!, one[0]];
  (list as DeterminingStatement[]).push(one[0]);
  return list;
}

/** Notes an explicit deny; the first layer that has one is the one that decides, by its statements alone. */
function deniesBy(reading: LayerReading, layer: Layer, findings: Findings): boolean {
  if (reading.denies === none) return false;
  if (findings.denied === null) {
    findings.denied = layer;
    findings.denies = reading.denies;
  }
  return true;
}

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
  // Called one by one: a loop over the functions costs half of a small evaluation more.
  const stopped =
    (isThere(policies.rcps) && readRcps(question, policies.rcps, findings, thorough)) ||
    (isThere(policies.scps) && readScps(question, policies.scps, findings, thorough)) ||
    (isThere(policies.resource) && readResource(question, policies.resource, findings, thorough)) ||
    readIdentity(question, policies.identity, findings, thorough) ||
    (isThere(policies.boundaries) && readBoundaries(question, policies.boundaries, findings, thorough)) ||
    readSession(question, policies.session, findings, thorough);
  if (!stopped && isThere(policies.endpoint)) readEndpoint(question, policies.endpoint, findings);
  return findings;
}

// Each of these reads one layer and says whether to stop: it denies, and that is enough.

/**
 * RCPs bind every caller of the account's resources. RCPFullAWSAccess is always attached, so only a Deny counts
 * (AWS Organizations User Guide, orgs_manage_policies_rcps).
 */
function readRcps(
  asked: Question,
  levels: readonly (readonly CompiledPolicy[])[],
  findings: Findings,
  thorough: boolean,
) {
  if (!isOrganized(asked.principal)) return false;
  for (const level of levels) {
    if (deniesBy(readLayer(level, "rcp", asked), "rcp", findings) && !thorough) return true;
  }
  return false;
}

/**
 * SCPs bind the users, roles and root of the account that they are attached to; every level must allow
 * (orgs_manage_policies_scps_evaluation).
 */
function readScps(
  asked: Question,
  levels: readonly (readonly CompiledPolicy[])[],
  findings: Findings,
  thorough: boolean,
) {
  if (!isOrganized(asked.principal) || !hasAccountPolicies(asked.principal)) return false;
  return readCeilings(asked, "scp", levels, findings, thorough);
}

function readResource(asked: Question, policy: CompiledPolicy, findings: Findings, thorough: boolean) {
  const kind = findings.isTrust ? "trust" : "resource";
  const layer = readLayer([policy], kind, asked);
  if (deniesBy(layer, kind, findings) && !thorough) return true;
  findings.resource = layer.grant;
  findings.resourceAllows = layer.allows;
  return false;
}

/** Who has no account policies gains nothing by them, and yet a deny in what was given counts: it fails closed. */
function readIdentity(asked: Question, policies: readonly CompiledPolicy[], findings: Findings, thorough: boolean) {
  const layer = readLayer(policies, "identity", asked);
  if (deniesBy(layer, "identity", findings) && !thorough) return true;
  findings.identity = layer.grant !== Grant.none;
  findings.identityAllows = layer.allows;
  return false;
}

/** One entity has one boundary. Should there be several, each is a ceiling of its own. */
function readBoundaries(asked: Question, boundaries: readonly CompiledPolicy[], findings: Findings, thorough: boolean) {
  findings.boundary = boundaries.length > 0;
  const levels = boundaries.map((boundary) => [boundary]);
  return readCeilings(asked, "boundary", levels, findings, thorough);
}

/** Levels each of which must allow. */
function readCeilings(
  asked: Question,
  layer: "scp" | "boundary",
  levels: readonly (readonly CompiledPolicy[])[],
  findings: Findings,
  thorough: boolean,
) {
  for (const level of levels) {
    const reading = readLayer(level, layer, asked);
    if (deniesBy(reading, layer, findings) && !thorough) return true;
    if (reading.grant === Grant.none) findings[layer] = false;
  }
  return false;
}

/** @param policies of a session; who has none is not limited, but for a federated user, who may do nothing then */
function readSession(asked: Question, policies: Policies["session"], findings: Findings, thorough: boolean) {
  if (!isThere(policies)) {
    findings.session = asked.principal.type !== "FederatedUser";
    return false;
  }
  const layer = readLayer(policies, "session", asked);
  if (deniesBy(layer, "session", findings) && !thorough) return true;
  findings.session = layer.grant !== Grant.none;
  return false;
}

function readEndpoint(asked: Question, policy: CompiledPolicy, findings: Findings): void {
  const layer = readLayer([policy], "endpoint", asked);
  deniesBy(layer, "endpoint", findings);
  findings.endpoint = layer.grant !== Grant.none;
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

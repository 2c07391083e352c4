/** From a request and everything that it is judged by to a decision. */
import { foldAction } from "../match/action-name.ts";
import { decide } from "./decide.ts";
import { Effort, within } from "../effort.ts";
import { isThere, none, readLayers } from "./read.ts";
import type { Findings } from "./read.ts";
import type { Question } from "../match/statement.ts";
import type { Decision, DeterminingStatement, Layer, Policies, Request } from "../types.ts";

/**
 * Judges a request. Pure: the same request and policies always give the same decision.
 *
 * @param effort what is left of it to this and other questions; a bound of its own when left out
 * @throws TypeError when a policy was not made by `compile`
 * @throws PolicyEffortError when it would take too long: neither allowed nor denied, so to be refused
 */
export function evaluate(request: Request, policies: Policies, effort: Effort = new Effort()): Decision {
  const question = questionOf(request, policies);
  if (isAlwaysAllowed(question.action)) return withoutPolicy;
  return decisionOf(request, readWithin(effort, question, policies));
}

/** What follows from what the layers say. */
export function decisionOf(request: Request, findings: Findings): Decision {
  const { outcome, layer } = decide(request, findings);
  return { outcome, allowed: outcome === "Allowed", layer, statements: statementsOf(findings, outcome, layer) };
}

/** Reads the layers within the bound on effort. @throws PolicyEffortError */
export function readWithin(effort: Effort, question: Question, policies: Policies): Findings {
  return within(effort, () => readLayers(question, policies));
}

/** No permission is needed, and none can take it away (AWS STS API Reference, GetCallerIdentity). */
export function isAlwaysAllowed(action: string): boolean {
  return action === "sts:getcalleridentity";
}

export const withoutPolicy: Decision = Object.freeze({
  outcome: "Allowed",
  allowed: true,
  layer: null,
  statements: none,
});

export function questionOf(request: Request, policies: Policies): Question {
  return {
    action: foldAction(request.action),
    resource: request.resource,
    principal: request.principal,
    context: request.context,
    bounded: isThere(policies.boundaries),
  };
}

function statementsOf(
  findings: Findings,
  outcome: Decision["outcome"],
  layer: Layer | null,
): readonly DeterminingStatement[] {
  if (outcome === "ExplicitlyDenied") return findings.denies;
  if (outcome === "ImplicitlyDenied" || layer === null) return none;
  if (layer !== "identity") return findings.resourceAllows;
  // Cross-account, and by delegation to the account, both sides made the decision.
  return findings.resourceAllows === none
    ? findings.identityAllows
    : [...findings.identityAllows, ...findings.resourceAllows];
}

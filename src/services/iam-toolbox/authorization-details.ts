import type { IamToolboxOperations } from "../../contracts/iam-toolbox/contract.ts";
import { searchOperation } from "../../operation/operation.ts";
import { contextOf, explain, PolicyEffortError } from "../../policy/index.ts";
import type { StatementExplanation } from "../../policy/index.ts";
import type { CompiledPolicy, Outcome } from "../../policy/types.ts";
import { outcomeTold } from "../rolecall/explanation-view.ts";
import { evaluatedIn, findRequest, notFound, ownRequirement } from "./denied-request.ts";
import type { Evaluated } from "./denied-request.ts";
import { policiesOf } from "./evaluated-policy.ts";
import type { PolicyInfo } from "./evaluated-policy.ts";
import { contextsOf } from "./evaluation-context.ts";

type Output = IamToolboxOperations["GetRequestAuthorizationDetails"]["output"];
type Evaluation = Output["evaluations"][number];
type MatchedPolicy = Evaluation["matchedPolicies"][number];

const name = "GetRequestAuthorizationDetails";

/** Of one answer; with its token the next one goes on. */
const mostEvaluations = 20;

/**
 * IAM Toolbox API, GetRequestAuthorizationDetails: what was evaluated for a request that was denied, by the policies of that
 * moment. An account sees its own side: a caller's account nothing of another account's role, and the role's account
 * nothing of the caller's.
 */
export const getRequestAuthorizationDetails = searchOperation("iam-toolbox", name, {
  authorize: (_input, context) => ownRequirement(context, name),
  search: ({ authorizationId, nextToken }, context) => findRequest(authorizationId, name, nextToken, context),
  handle({ authorizationId }, found, { account }): Output {
    if (found !== null && "goOn" in found)
      return { requestContext: {}, evaluations: [], policies: [], nextToken: found.goOn };
    const evaluated = found === null ? null : evaluatedIn(found, account);
    if (found === null || evaluated === null) throw notFound(`Authorization details ${authorizationId}`);
    const done = found.explained + mostEvaluations;
    const { own, shared } = contextsOf(evaluated);
    return {
      requestContext: shared,
      evaluations: evaluated
        .slice(found.explained, done)
        .map((one, index) => evaluationOf(one, own[found.explained + index]!)),
      policies: distinct(evaluated.flatMap(policiesOf).map(({ info }) => info)),
      nextToken: done < evaluated.length ? found.goOnAfter(done) : undefined,
    };
  },
});

const effects: Readonly<Record<Outcome, Evaluation["evaluatedEffect"]>> = {
  Allowed: "ALLOW",
  ExplicitlyDenied: "EXPLICIT_DENY",
  ImplicitlyDenied: "IMPLICIT_DENY",
};

function evaluationOf(evaluated: Evaluated, context: Evaluation["context"]): Evaluation {
  const { requirement, sight } = evaluated;
  const outcome = outcomeTold(requirement, sight);
  return {
    action: requirement.action,
    resource: requirement.resource,
    context,
    evaluatedEffect: effects[outcome],
    // "An implicit denial produces no matched policies" (API Reference, Evaluation).
    matchedPolicies: outcome === "ImplicitlyDenied" ? [] : matchedPolicies(evaluated),
  };
}

function matchedPolicies(evaluated: Evaluated): MatchedPolicy[] {
  const shown = new Map(policiesOf(evaluated).map(({ info, policy }) => [policy, info.uri]));
  const matched = new Map<CompiledPolicy, StatementExplanation[]>();
  for (const statement of statementsOf(evaluated)) {
    if (statement.applies) matched.set(statement.policy, [...(matched.get(statement.policy) ?? []), statement]);
  }
  return [...matched]
    .filter(([policy]) => shown.has(policy))
    .map(([policy, statements]) => ({ uri: shown.get(policy)!, matchedStatements: statements.map(matchedStatement) }));
}

function matchedStatement({
  effect,
  sid,
  statement,
}: StatementExplanation): NonNullable<MatchedPolicy["matchedStatements"]>[number] {
  // No Sid has a blank, so a generated one is none of the policy's.
  return { sid: sid ?? `Statement ${statement + 1}`, evaluatedEffect: effect === "Allow" ? "ALLOW" : "DENY" };
}

function statementsOf({ policies, principal, requirement }: Evaluated): readonly StatementExplanation[] {
  if (policies === null) return [];
  const { action, context, resource, resourceAccount } = requirement;
  try {
    const request = { principal, action, resource, resourceAccount, context: contextOf(context) };
    return explain(request, policies).statements;
  } catch (error) {
    // It was decided when it was asked, and is too long to be told.
    if (error instanceof PolicyEffortError) return [];
    throw error;
  }
}

function distinct(policies: readonly PolicyInfo[]): PolicyInfo[] {
  return [...new Map(policies.map((info) => [JSON.stringify(info), info])).values()];
}

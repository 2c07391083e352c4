import { searchOperation } from "../../operation/operation.ts";
import type { SearchContext } from "../../operation/context.ts";
import { print, sourceOf } from "../../policy/index.ts";
import { evaluatedIn, findRequest, notFound, ownRequirement } from "./denied-request.ts";
import type { Found } from "./denied-request.ts";
import { policiesOf } from "./evaluated-policy.ts";

const name = "GetRequestAuthorizationPolicy";

/** Parts of the trail that one call looks through: the API has no token with which another could go on. */
const mostParts = 4;

/**
 * IAM Toolbox API, GetRequestAuthorizationPolicy: a policy as it stood when a request was denied, by the uri that
 * GetRequestAuthorizationDetails gives it.
 */
export const getRequestAuthorizationPolicy = searchOperation("iam-toolbox", name, {
  authorize: (_input, context) => ownRequirement(context, name),
  search: ({ authorizationId }, context) => findInParts(authorizationId, context),
  handle({ authorizationId, policyUri }, found, { account }) {
    const evaluated = found === null || "goOn" in found ? null : evaluatedIn(found, account);
    if (evaluated === null) throw notFound(`Authorization details ${authorizationId}`);
    const asked = evaluated.flatMap(policiesOf).find(({ info }) => info.uri === policyUri);
    if (asked === undefined) throw notFound(`Policy ${policyUri}`);
    return { policyDocument: JSON.parse(print(sourceOf(asked.policy).document)) as unknown };
  },
});

async function findInParts(id: string, context: SearchContext): Promise<Found> {
  let found = await findRequest(id, name, undefined, context);
  for (let part = 1; part < mostParts && found !== null && "goOn" in found; part++) {
    found = await findRequest(id, name, found.goOn, context);
  }
  return found;
}

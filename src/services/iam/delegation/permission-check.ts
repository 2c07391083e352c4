/**
 * Whether a caller has all that a request asks for, as far as his policies say (IAM API, GetDelegationRequest,
 * DelegationPermissionCheck: "an approximate result"). Here it is done at once.
 */
import type { GetDelegationRequestResponse } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { within } from "../../../policy/effort.ts";
import { explain, parse, PolicyEffortError } from "../../../policy/index.ts";
import type { Explanation, Statement } from "../../../policy/index.ts";
import { denialsOf, deniesPart } from "./denied-parts.ts";
import type { Asked } from "./denied-parts.ts";

type PermissionCheck = Pick<GetDelegationRequestResponse, "PermissionCheckResult" | "PermissionCheckStatus">;
type Result = NonNullable<PermissionCheck["PermissionCheckResult"]>;

/** @param policy the text of what is asked for */
export async function checkPermissions(policy: string, context: OperationContext): Promise<PermissionCheck> {
  const { account, caller, environment, request, tx } = context;
  const { effort } = request;
  const grounds = await environment.authorizer.gather(tx, caller, []);
  const results = new Set<Result>();
  try {
    for (const asked of questionsOf(parse(policy).statements)) {
      const requirement = { ...asked, resourceAccount: account };
      const { context: values, policies } = environment.authorizer.decide(requirement, grounds, request);
      const question = { ...requirement, principal: caller.principal, context: values };
      const explanation = explain(question, policies, effort);
      const inPart = within(effort, () => denialsOf(policies).some((one) => deniesPart(one, asked)));
      results.add(resultOf(explanation, inPart));
    }
  } catch (error) {
    // The policies take too long: nothing is known.
    if (error instanceof PolicyEffortError) return { PermissionCheckStatus: "FAILED" };
    throw error;
  }
  const result = results.has("DENIED") ? "DENIED" : results.has("UNSURE") ? "UNSURE" : "ALLOWED";
  return { PermissionCheckResult: result, PermissionCheckStatus: "COMPLETE" };
}

/**
 * Every action with every resource. A pattern is asked for as if it were a name: what allows it allows all that it takes
 * in. What a statement is about by what it leaves out is asked for as everything.
 */
function questionsOf(statements: readonly Statement[]): readonly Asked[] {
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ action = ["*"], resource = ["*"] }) =>
      action.flatMap((one) => resource.map((other) => ({ action: one, resource: other }))),
    );
}

/** @param inPart whether a Deny takes some of it away */
function resultOf({ decision, statements }: Explanation, inPart: boolean): Result {
  const effect = decision.allowed ? "Allow" : "Deny";
  const deciding = statements.filter((one) => one.applies && one.effect === effect);
  const byCondition = deciding.length > 0 && deciding.every(({ conditions }) => conditions.length > 0);
  // What holds by a condition now need not hold then.
  if (decision.allowed) return byCondition || inPart ? "UNSURE" : "ALLOWED";
  if (decision.outcome === "ExplicitlyDenied") return byCondition ? "UNSURE" : "DENIED";
  const waiting = statements.some(
    (one) => one.effect === "Allow" && one.action.matched && one.resource.matched && one.conditions.length > 0,
  );
  return waiting ? "UNSURE" : "DENIED";
}

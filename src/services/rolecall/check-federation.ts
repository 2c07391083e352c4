import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import { proposedTrust } from "../../federation/trust-proposal.ts";
import type { OperationContext } from "../../operation/context.ts";
import { searchOperation } from "../../operation/operation.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import { federatedPermissions, targetOf } from "../sts/federated-permissions.ts";
import type { FederatedTarget } from "../sts/federated-role.ts";
import { explained, layersOf, viewOf } from "./explanation-view.ts";
import { checksTold, keysTold } from "./federation-checks.ts";
import { lookAt, roleNamed } from "./federation-proof.ts";
import type { Sight } from "./sight.ts";

type Input = RolecallOperations["CheckFederation"]["input"];
type Output = RolecallOperations["CheckFederation"]["output"];

/**
 * Whether a token or an assertion would put on a role, and why not: what STS tells nobody, told to those who administer
 * the role (rolecall:CheckFederation on `role/NAME`). Nothing is issued, and nothing of the proof is kept.
 *
 * It is a search because an issuer may have to be waited for: outside of any transaction, and no more of them at once than
 * of searches (operation/searches.ts).
 */
export const checkFederation = searchOperation("rolecall", "CheckFederation", {
  authorize({ RoleArn: roleArn }, { partition }) {
    const { account, resource } = roleNamed(roleArn);
    return [
      {
        action: "rolecall:CheckFederation",
        resource: `arn:${partition}:rolecall::${account}:${resource}`,
        resourceAccount: account,
      },
    ];
  },
  search: lookAt,
  async handle(input, { checks, proven }, context): Promise<Output> {
    const told = checksTold(checks.made);
    if (proven instanceof Fault) {
      const { code, status, message } = proven;
      context.trailNote({ verified: false, fault: code });
      return {
        Allowed: false,
        Checks: told,
        Fault: { Code: code, Status: status, Message: message },
        Explanations: [],
      };
    }
    const { provider } = proven.principal;
    context.trailNote({ verified: true, provider });
    const target = await targetOf({ RoleArn: input.RoleArn }, proven, context);
    const explanations = target.role === undefined ? [] : await explanationsOf(input, proven, target, context);
    return {
      Allowed: explanations.length > 0 && explanations.every(({ Outcome: outcome }) => outcome === "Allowed"),
      Checks: target.role === undefined ? [...told, noSuchRole(input)] : told,
      Provider: provider,
      Keys: keysTold(proven),
      Explanations: explanations,
      ProposedTrustPolicy: JSON.stringify(proposedTrust(proven)),
    };
  },
});

/** STS says the same of it as of one that does not trust; here it is asked for by those who administer it. */
function noSuchRole({ RoleArn: role }: Input): Output["Checks"][number] {
  const advice = "make it, with the trust policy that --print-trust-policy shows (ProposedTrustPolicy)";
  return {
    Name: "role",
    Passed: false,
    Wanted: "a role of this account that may be put on so",
    Seen: role,
    Advice: advice,
  };
}

/** Role and trust policy are the caller's own account's; of its organization's policies it is told that they deny. */
const sight: Sight = { principal: true, resource: true, organization: false };

async function explanationsOf(
  input: Input,
  subject: FederatedSubject,
  target: FederatedTarget,
  context: OperationContext,
): Promise<Output["Explanations"]> {
  const { tx, request, environment } = context;
  const requirements = federatedPermissions(input, subject, target);
  const grounds = await environment.authorizer.gather(tx, subject, requirements);
  return requirements.map((requirement) => {
    const verdict = environment.authorizer.decide(requirement, grounds, request);
    context.alsoDecided(verdict);
    const { action, resource, resourceAccount } = requirement;
    const question = { principal: subject.principal, action, resource, resourceAccount, context: verdict.context };
    const { explanation, withheld } = viewOf(explained(question, verdict.policies), layersOf(verdict.policies), sight);
    const { decision, summary } = explanation;
    return {
      Action: action,
      Outcome: decision.outcome,
      Summary: summary,
      Withheld: withheld,
      Explanation: JSON.stringify(explanation),
    };
  });
}

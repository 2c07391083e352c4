import type { Verdict } from "../../authorization/authorizer.ts";
import { denialMessage, withheldMessage } from "../../authorization/denial.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { Signer } from "../../session/actor.ts";
import { principalArn, userId } from "../../session/principal.ts";
import { encodedMessage } from "./encoded-message.ts";
import { outcomeTold } from "./explanation-view.ts";
import { showsPolicies, tells } from "./sight.ts";
import type { Sight } from "./sight.ts";

type Answer = RolecallOperations["Authorize"]["output"];

/** A service of the caller's account is told what any service of that account is. */
const ownSight: Sight = { principal: true, resource: true, organization: true };
/** The resource's policy came with the question; the policies of other accounts are theirs to know. */
const foreignSight: Sight = { principal: false, resource: true, organization: false };

/** Whom a service is told of. */
export interface Verified {
  readonly caller: Signer;
  /** Whether the signature covers the body; undefined where nothing was signed. */
  readonly bodySigned: boolean | undefined;
}

/** What a service is told of the verdicts on all resources that it asked about. */
export function answerTo(
  { bodySigned, caller }: Verified,
  verdicts: readonly Verdict[],
  context: OperationContext,
): Answer {
  const sight = caller.account === context.account ? ownSight : foreignSight;
  const decisions = verdicts.map((verdict) => decisionTold(verdict, sight));
  const refusal = decisions.find(({ Message: message }) => message !== undefined)?.Message;
  const denied = verdicts.find(({ decision }) => !decision.allowed);
  const { session } = caller;
  return {
    Verified: true,
    Allowed: verdicts.every(({ decision }) => decision.allowed),
    Principal: {
      Type: caller.principal.type,
      Arn: principalArn(caller),
      UserId: userId(caller),
      Account: caller.account,
      SourceIdentity: session?.sourceIdentity,
      OriginArn: session?.origin.arn,
    },
    BodySigned: bodySigned,
    Decisions: decisions,
    Fault: refusal === undefined ? undefined : { Code: "AccessDenied", Status: 403, Message: refusal },
    EncodedMessage: denied === undefined ? undefined : encodedMessage(denied, context),
    EventId: context.request.requestId,
  };
}

function decisionTold({ caller, requirement, decision }: Verdict, sight: Sight): Answer["Decisions"][number] {
  const { allowed, layer } = decision;
  const named = layer !== null && (allowed ? showsPolicies(layer, sight) : tells(layer, sight));
  return {
    Resource: requirement.resource,
    Outcome: outcomeTold(decision, sight),
    Layer: named ? layer : undefined,
    Message: allowed ? undefined : messageTold({ caller, requirement, decision }, sight),
  };
}

type Denial = Pick<Verdict, "caller" | "requirement" | "decision">;

function messageTold({ caller, requirement, decision }: Denial, sight: Sight): string {
  const { layer } = decision;
  if (layer === null || showsPolicies(layer, sight)) return denialMessage(caller, requirement, decision);
  if (!tells(layer, sight)) return withheldMessage(caller, requirement);
  // That the organization denies, and not which policy of it.
  return denialMessage(caller, requirement, { ...decision, statements: [] });
}

import { requestIdOf } from "../../clock/authorization-id.ts";
import type { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext, SearchContext } from "../../operation/context.ts";
import { searchOperation } from "../../operation/operation.ts";
import { contextOf } from "../../policy/index.ts";
import type { Policies, Principal, Request } from "../../policy/types.ts";
import type { RecordId } from "../../trail/find.ts";
import type { RecordedRequirement, Sidecar } from "../../trail/sidecar.ts";
import { isStandIn } from "../sts/trust-policy.ts";
import { explained, layersOf, outcomeTold, viewOf, withoutReason } from "./explanation-view.ts";
import { checksTold } from "./federation-checks.ts";
import { notFound, rolecallFault, validation } from "./faults.ts";
import { findCall } from "./recorded-call.ts";
import type { CallSearch, RecordedCall } from "./recorded-call.ts";
import { policiesOfMoment, policiesOfNow } from "./recorded-policies.ts";
import { operatorRequirement } from "./requirements.ts";
import type { Sight } from "./sight.ts";
import { trailRequirement, VisibleAccounts } from "./trail-access.ts";

type Input = RolecallOperations["ExplainRequest"]["input"];
type Output = RolecallOperations["ExplainRequest"]["output"];
type Moment = NonNullable<Input["Policies"]>;

const action = "ExplainRequest";

/**
 * Explains a request of the trail, with the policies of that moment or of now, and the request as it was then. Records of
 * the caller's own account need rolecall:ExplainRequest on `trail`, those of other accounts the operator's on
 * `trail/ACCOUNT`; what a caller may not explain does not exist. What belongs to another account stays out.
 */
export const explainRequest = searchOperation("rolecall", action, {
  authorize: (input, context) => trailRequirement(context, action, input.AccountId ?? context.account),
  search: (input, context) => findCall(idOf(input), searchFor(input, context), context),
  async handle(input, found, context): Promise<Output> {
    if (found === null) throw notFound(`The trail has no record of ${idText(input)}.`);
    if ("goOn" in found) return { NextToken: found.goOn, Explanations: [] };
    const { event, sidecar, explained: before } = found;
    const moment = sidecar === null ? undefined : (input.Policies ?? momentKept(sidecar, found));
    const explanations = sidecar === null ? [] : await explainSome(sidecar, found, moment!, context);
    const done = before + explanations.length;
    const checks = found.asResource ? undefined : event.additionalEventData?.checks;
    return {
      NextToken: sidecar !== null && done < sidecar.requirements.length ? found.goOnAfter(done) : undefined,
      EventId: event.eventID,
      RequestId: event.requestID,
      EventTime: event.eventTime,
      Action: `${event.eventSource.replace(/\.amazonaws\.com$/, "")}:${event.eventName}`,
      AccountId: event.recipientAccountId,
      ErrorCode: event.errorCode,
      ErrorMessage: found.asResource ? withoutReason(event.errorMessage ?? "") : event.errorMessage,
      Checks: checks === undefined ? undefined : checksTold(checks),
      Policies: moment,
      Explanations: explanations,
    };
  },
});

/** @throws Fault ValidationException */
function idOf(input: Input): RecordId {
  const { RequestId: requestId, EventId: eventId } = input;
  if (requestId !== undefined && eventId === undefined) {
    return { requestId: requestIdOf(requestId) ?? requestId.toLowerCase() };
  }
  if (eventId !== undefined && requestId === undefined) return { eventId: eventId.toLowerCase() };
  throw validation("Give either RequestId or EventId.");
}

function idText({ RequestId: requestId, EventId: eventId }: Input): string {
  return requestId === undefined ? `the event ${eventId}` : `the request ${requestId}`;
}

/**
 * Records of the caller's own account and of those that are allowed to it; and what others were refused by its policies
 * (AssumeRole, whose refusal tells them nothing).
 */
function searchFor({ AccountId: wanted, NextToken: token }: Input, context: SearchContext): CallSearch {
  const { account } = context;
  const accounts = new VisibleAccounts(context, action);
  return {
    name: action,
    token,
    isVisible: async (owner) =>
      wanted === undefined ? owner === account || accounts.includes(owner) : owner === wanted,
    asResource: wanted === undefined || wanted === account,
  };
}

function momentKept({ policies }: Sidecar, { recalled, asResource }: RecordedCall): Moment {
  if (policies === undefined || recalled.includes(null)) return "now";
  // Who owns the role is helped by its own policy alone.
  return asResource && recalled.some((set) => set !== null && isStandIn(set.resource)) ? "now" : "moment";
}

/**
 * A call has up to a hundred requirements, and what there is to say of each is long where policies are: beyond either no
 * further explanation is begun, and the next call goes on.
 */
const most = {
  /** Of the explanations of one answer. */
  characters: 250_000,
  /** That others wait meanwhile. */
  milliseconds: 50,
} as const;

/** At least one explanation, of what earlier calls have not explained. */
async function explainSome(
  sidecar: Sidecar,
  { recalled, explained: before }: RecordedCall,
  moment: Moment,
  context: OperationContext,
): Promise<Output["Explanations"]> {
  const sights = new Sights(context);
  const explanations = [];
  const began = performance.now();
  let characters = 0;
  for (const requirement of sidecar.requirements.slice(before)) {
    if (characters > most.characters || (characters > 0 && performance.now() - began > most.milliseconds)) break;
    const then = policiesOfMoment(requirement, recalled);
    const request = requestOf(sidecar, requirement);
    const sight = await sights.of(request);
    const policies =
      moment === "moment" ? then : await policiesOfNow(sidecar, requirement, then, context, sight.resource);
    if (policies === null) throw notKept(moment);
    const explanation = explainOne(request, requirement, policies, sight);
    explanations.push(explanation);
    characters += explanation.Explanation.length;
  }
  return explanations;
}

function notKept(moment: Moment): Fault {
  return rolecallFault(
    "PoliciesNotKept",
    moment === "moment"
      ? "The policies of that moment are not kept: they are for calls in which something was denied, as long as whoever was denied does not come with ever new ones. Ask for those of now."
      : "The resource's policy came with the question and is not kept: that is done where something was denied, and the policies are not ever new.",
  );
}

function explainOne(
  request: Request,
  requirement: RecordedRequirement,
  policies: Policies,
  sight: Sight,
): Output["Explanations"][number] {
  const { explanation, withheld } = viewOf(explained(request, policies), layersOf(policies), sight);
  const { decision, summary } = explanation;
  return {
    Action: requirement.action,
    Resource: requirement.resource,
    ResourceAccount: requirement.resourceAccount,
    Principal: nameOf(request.principal),
    RecordedOutcome: outcomeTold(requirement, sight),
    Outcome: decision.outcome,
    Summary: summary,
    Withheld: withheld,
    Explanation: JSON.stringify(explanation),
  };
}

function requestOf(sidecar: Sidecar, requirement: RecordedRequirement): Request {
  const principal = requirement.asked?.principal ?? sidecar.principal;
  if (principal === undefined) throw new Error(`the record ${sidecar.eventID} decided about nobody`);
  return {
    principal,
    action: requirement.action,
    resource: requirement.resource,
    resourceAccount: requirement.resourceAccount,
    context: contextOf(requirement.context),
  };
}

function nameOf(principal: Principal): string {
  if ("arn" in principal) return principal.arn;
  if (principal.type === "Service") return principal.service;
  return principal.type === "Anonymous" ? "anonymous" : principal.provider;
}

/** Which accounts' policies the caller may see: its own, and others' where it may explain their requests too. */
class Sights {
  readonly #context: OperationContext;
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(context: OperationContext) {
    this.#context = context;
  }

  async of({ principal, resourceAccount }: Request): Promise<Sight> {
    const account = "account" in principal ? principal.account : null;
    return {
      principal: account !== null && (await this.#sees(account)),
      resource: await this.#sees(resourceAccount),
      // Whoever may explain the requests of all accounts runs the organization.
      organization: await this.#mayExplain("*"),
    };
  }

  async #sees(account: string): Promise<boolean> {
    return account === this.#context.account || this.#mayExplain(account);
  }

  #mayExplain(account: string): Promise<boolean> {
    const known = this.#known.get(account);
    if (known !== undefined) return known;
    const asked = this.#ask(account);
    this.#known.set(account, asked);
    return asked;
  }

  async #ask(account: string): Promise<boolean> {
    const { tx, caller, request, environment } = this.#context;
    if (this.#context.account !== environment.operatorAccount) return false;
    const [requirement] = operatorRequirement(this.#context, action, `trail/${account}`);
    const grounds = await environment.authorizer.gather(tx, caller, [requirement!]);
    return environment.authorizer.decide(requirement!, grounds, request).decision.allowed;
  }
}

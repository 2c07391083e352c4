import type { Verdict } from "../../authorization/authorizer.ts";
import type { Requirement } from "../../authorization/requirement.ts";
import { malformedPolicy } from "../../authorization/malformed-policy.ts";
import { contracts } from "../../contracts/contracts.ts";
import { Fault } from "../../contracts/fault.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { checkGrammar, compile, PolicyGrammarError } from "../../policy/index.ts";
import type { CompiledPolicy } from "../../policy/types.ts";
import type { Actor } from "../../session/actor.ts";
import { principalArn, userId } from "../../session/principal.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { asking } from "./asked.ts";
import type { Asked } from "./asked.ts";
import { answerTo } from "./authorize-answer.ts";
import { validation } from "./faults.ts";
import { givenContext, requireDistinctTags } from "./given-context.ts";
import { ownRequirement } from "./requirements.ts";

type AuthorizeRequest = RolecallOperations["Authorize"]["input"];
type AuthorizeResponse = RolecallOperations["Authorize"]["output"];
/** What the service says and no record of ours has. */
type Told = Pick<Requirement, "given" | "resourcePolicy">;

/** Services of this server: a request signed for one of them must never be replayed through a service outside. */
const ownServices: ReadonlySet<string> = new Set(Object.keys(contracts));

/**
 * A service outside received a request, knows no keys, and asks: who signed this, and may they do that? Verification
 * and decision are the very ones that guard rolecall's own operations. The caller of Authorize is the service; it needs
 * rolecall:Authorize on itself (`service/NAME`).
 */
export const authorize = operation("rolecall", "Authorize", {
  writes: false,
  authorize: (input, _loaded, context) => ownRequirement(context, "Authorize", `service/${input.Service}`),
  handle(input, _loaded, context) {
    refuseOthersNames(input);
    const given = givenContext(input.Context ?? []);
    requireDistinctTags(input.ResourceTags ?? []);
    const resourcePolicy = compileResourcePolicy(input, context.partition);
    return gather(
      () => asking(input, context),
      (asked) =>
        asked instanceof Fault ? notVerified(asked, context) : decide(input, context, asked, { given, resourcePolicy }),
    );
  },
});

/** A request that nobody vouches for is an answer to the service, not a fault of its own request. */
function notVerified({ code, status, message }: Fault, context: OperationContext): AuthorizeResponse {
  context.trailNote({ verified: false, fault: code });
  return {
    Verified: false,
    Allowed: false,
    Decisions: [],
    Fault: { Code: code, Status: status, Message: message },
    EventId: context.request.requestId,
  };
}

function decide(
  input: AuthorizeRequest,
  context: OperationContext,
  asked: Asked,
  told: Told,
): Eventual<AuthorizeResponse> {
  const { caller, source } = asked;
  const verdicts: Verdict[] = [];
  const decided = (verdict: Verdict): void => {
    context.alsoDecided(verdict);
    verdicts.push(verdict);
  };
  noteAsked(input, caller, context);
  const requirement = requirementOf(input, context, told);
  const { authorizer } = context.environment;
  return gather(
    () => authorizer.gather(context.tx, caller, [requirement]),
    (grounds) => {
      authorizer.decideEach(requirement, input.Resources, grounds, source, decided);
      const answer = answerTo(asked, verdicts, context);
      context.trailNote({ allowed: answer.Allowed });
      return answer;
    },
  );
}

/**
 * The trail says about whom the question was, also when it could not be decided. Accounts that it was about and that
 * are not the service's have a record of their own: in it is what the question said of them, and of the policies and
 * context keys that the service brought nothing.
 */
function noteAsked(input: AuthorizeRequest, caller: Actor, context: OperationContext): void {
  const who = { principalId: userId(caller) };
  context.trailNote({
    verified: true,
    askedFor: { arn: principalArn(caller), ...who, originArn: caller.session?.origin.arn },
  });
  const { Service, Region, Action, Resources, ResourceAccount = context.account } = input;
  const parameters = { Service, Region, Action, Resources, ResourceAccount };
  if (caller.account !== context.account) context.alsoConcerns({ account: caller.account, parameters });
  if (ResourceAccount === context.account || ResourceAccount === caller.account) return;
  // Of a stranger the resource's owner sees what CloudTrail shows it: the id and the account.
  const note = { askedFor: { ...who, accountId: caller.account } };
  context.alsoConcerns({ account: ResourceAccount, parameters, note });
}

function requirementOf(input: AuthorizeRequest, context: OperationContext, told: Told): Omit<Requirement, "resource"> {
  return {
    action: input.Action,
    resourceAccount: input.ResourceAccount ?? context.account,
    resourceTags: input.ResourceTags?.map((tag) => ({ key: tag.Key, value: tag.Value })),
    ...told,
  };
}

/**
 * A service asks about itself. What a principal may do elsewhere is not its business: a signed request that it was sent
 * must not tell it of any other action. The contract admits ASCII alone, without wildcards.
 */
function refuseOthersNames({ Service: service, Action: action }: AuthorizeRequest): void {
  if (ownServices.has(service)) throw validation(`Service must be the name of your own service, not ${service}.`);
  if (action.slice(0, action.indexOf(":")).toLowerCase() !== service) {
    throw validation(`Action must be one of your own service's: ${service}:….`);
  }
}

function compileResourcePolicy(input: AuthorizeRequest, partition: string): CompiledPolicy | null {
  if (input.ResourcePolicy === undefined) return null;
  try {
    checkGrammar(input.ResourcePolicy, "resource", { partitions: [partition] });
    return compile(input.ResourcePolicy, "resource", { id: "resource policy" });
  } catch (error) {
    if (error instanceof PolicyGrammarError) throw malformedPolicy(error.message);
    throw error;
  }
}

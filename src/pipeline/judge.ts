import { parseArn } from "../arn/arn.ts";
import { accessDenied, denialMessage, wayToAsk } from "../authorization/denial.ts";
import type { Requirement } from "../authorization/requirement.ts";
import { authorizationIdOf } from "../clock/authorization-id.ts";
import type { OperationContext } from "../operation/context.ts";
import type { Declaration } from "../operation/operation.ts";
import type { Actor } from "../session/actor.ts";
import type { Tx } from "../store/sql/database.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import type { Attempted, Ready } from "./stage.ts";

/** An operation's declaration, whatever its types. */
type AnyDeclaration = Declaration<object, object, unknown, unknown>;

export function declarationOf({ operation }: Ready): AnyDeclaration {
  return operation.declaration as unknown as AnyDeclaration;
}

/** What an operation sees of the request in one transaction. */
export function operationContext({ attempt, environment, facts }: Attempted, tx: Tx, caller: Actor): OperationContext {
  return {
    tx,
    caller,
    account: caller.account,
    partition: caller.partition,
    request: facts,
    environment,
    alsoDecided: (verdict) => attempt.asked.push(verdict),
    alsoConcerns: (account) => attempt.concerned.push(account),
    trailNote: (note) => {
      attempt.additional = { ...attempt.additional, ...note };
    },
  };
}

/**
 * Finds what the operation is about and holds the caller to all its requirements. Tells what was loaded only where all
 * are allowed.
 *
 * @throws Fault AccessDenied
 */
export function judge(stage: Attempted, declaration: AnyDeclaration, context: OperationContext): Eventual<unknown> {
  const { input } = stage;
  const { load, authorize } = declaration;
  return gather(
    () => load?.(input, context),
    (loaded) => (authorize === "always" ? undefined : requireAll(stage, authorize(input, loaded, context), context)),
    (loaded) => loaded,
  );
}

/** @throws Fault AccessDenied at the first that is not allowed */
export function requireAll(
  stage: Attempted,
  requirements: readonly Requirement[],
  context: OperationContext,
): void | Promise<void> {
  // An operation without a requirement would be one that nothing decides.
  if (requirements.length === 0) throw new Error(`${stage.operation.name} named no requirement`);
  const { caller, environment, request, tx } = context;
  const { authorizer } = environment;
  return gather(
    () => authorizer.gather(tx, caller, requirements),
    (grounds) => {
      for (const requirement of requirements) {
        const verdict = authorizer.decide(requirement, grounds, request);
        stage.attempt.verdicts.push(verdict);
        if (!verdict.decision.allowed) {
          throw accessDenied(
            denialMessage(caller, requirement, verdict.decision) + pointer(stage, requirement, context),
          );
        }
      }
    },
  );
}

/** Where the refusal is told in full; of what another account owns, AWS's own policies included, it is not, as at AWS. */
function pointer({ contract, service }: Attempted, requirement: Requirement, context: OperationContext): string {
  const { account, environment, request } = context;
  const way = environment.wayToAsk;
  if (way === null || !service.givesAuthorizationId(contract) || !isOwn(requirement, account)) return "";
  return wayToAsk(authorizationIdOf(request.requestId), way);
}

/** AWS's own policies are in every account's reach, and in none. */
function isOwn({ resource, resourceAccount }: Requirement, account: string): boolean {
  const named = parseArn(resource)?.account ?? "";
  return resourceAccount === account && (named === "" || named === account);
}

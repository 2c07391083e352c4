import type { Requirement } from "../authorization/requirement.ts";
import type { SearchContext } from "../operation/context.ts";
import type { Operation, SearchDeclaration } from "../operation/operation.ts";
import { operationContext, requireAll } from "./judge.ts";
import { advance, attempt } from "./stage.ts";
import type { Performed, Ready } from "./stage.ts";
import { throttled } from "./throttle.ts";

/**
 * The way of an operation that looks through the trail: what its input alone demands is judged, it takes a place among
 * the searches of this process, it searches, and its answer is made in a fresh snapshot, by what the caller is and may
 * then. A denied call costs what any denied call costs, whatever the trail holds.
 */
export async function search(stage: Ready, search: NonNullable<Operation["search"]>): Promise<Performed> {
  const declaration = search as unknown as SearchDeclaration<object, object, unknown>;
  const { caller, environment, facts, input } = stage;
  const { authenticator, database, searches } = environment;
  await database.glance((tx) => {
    const attempted = attempt(stage);
    const context = operationContext(attempted, tx, caller);
    return requireAll(attempted, declaration.authorize(input, context), context);
  });
  const leave = searches.enter(caller);
  if (leave === null) throw throttled(stage);
  try {
    const found = await declaration.search(input, searchContext(stage));
    const output = await database.read(async (tx) => {
      const attempted = attempt(stage);
      const context = operationContext(attempted, tx, await authenticator.again(tx, caller, facts.now));
      await requireAll(attempted, declaration.authorize(input, context), context);
      return declaration.handle(input, found, context);
    });
    return advance(stage, { output });
  } finally {
    leave();
  }
}

function searchContext({ caller, environment, facts }: Ready): SearchContext {
  return {
    caller,
    account: caller.account,
    partition: caller.partition,
    environment,
    trail: environment.trail,
    async allows(requirement: Requirement): Promise<boolean> {
      const { database, authorizer } = environment;
      const grounds = await database.glance((tx) => authorizer.gather(tx, caller, [requirement]));
      return authorizer.decide(requirement, grounds, facts).decision.allowed;
    },
  };
}

import type { Requirement } from "../authorization/requirement.ts";
import type { SearchContext } from "../operation/context.ts";
import type { Operation, SearchDeclaration } from "../operation/operation.ts";
import type { Exchange } from "./exchange.ts";
import { operationContext, requireAll } from "./judge.ts";
import { throttled } from "./throttle.ts";

/**
 * The way of an operation that looks through the trail: what its input alone demands is judged, it takes a place among
 * the searches of this process, it searches, and its answer is made in a fresh snapshot, by what the caller is and may
 * then. A denied call costs what any denied call costs, whatever the trail holds.
 */
export async function search(exchange: Exchange, operation: Operation): Promise<void> {
  const declaration = operation.search as unknown as SearchDeclaration<object, object, unknown>;
  const { authenticator, database, searches } = exchange.environment;
  const input = exchange.input!;
  const caller = exchange.caller!;
  await database.glance((tx) => {
    const context = operationContext(exchange, tx, caller);
    return requireAll(exchange, declaration.authorize(input, context), context);
  });
  const leave = searches.enter(caller);
  if (leave === null) throw throttled(exchange);
  try {
    const found = await declaration.search(input, searchContext(exchange));
    exchange.output = await database.read(async (tx) => {
      const now = await authenticator.again(tx, caller, exchange.facts.now);
      const context = operationContext(exchange, tx, now);
      await requireAll(exchange, declaration.authorize(input, context), context);
      return declaration.handle(input, found, context);
    });
  } finally {
    leave();
  }
}

function searchContext(exchange: Exchange): SearchContext {
  const { environment, facts } = exchange;
  const caller = exchange.caller!;
  return {
    caller,
    account: caller.account,
    partition: caller.partition,
    environment,
    trail: environment.trail,
    async allows(requirement: Requirement): Promise<boolean> {
      const { database, authorizer } = environment;
      const { decision } = await database.glance((tx) => authorizer.decide(tx, caller, requirement, facts));
      return decision.allowed;
    },
  };
}

import type { Operation } from "../operation/operation.ts";
import type { Actor } from "../session/actor.ts";
import type { Tx } from "../store/sql/database.ts";
import { after } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { trailRecords } from "../trail/record.ts";
import type { Exchange } from "./exchange.ts";
import { callFacts } from "./facts.ts";
import { judge, operationContext } from "./judge.ts";
import type { AnyDeclaration } from "./judge.ts";
import { search } from "./search.ts";

/**
 * Loads, authorizes and acts in one transaction. A change carries its trail record in the same transaction, and its
 * caller is looked up again inside it: a key that was deactivated meanwhile does not act any more.
 */
export function perform(exchange: Exchange): void | Promise<void> {
  const operation = exchange.operation!;
  if (operation.writes) return change(exchange, operation);
  if (operation.search !== null) return search(exchange, operation);
  const caller = exchange.caller!;
  return after(
    exchange.environment.ringKeeper.upToDate(() =>
      exchange.environment.database.glance((tx) => run(exchange, operation, tx, caller)),
    ),
    (output) => {
      exchange.output = output;
    },
  );
}

/**
 * Whoever is refused is refused by a read: a denied change takes no lock, waits in no queue of writes and makes nobody
 * else's fail. What is allowed is judged once more inside its own transaction, by what stands there; the read has put
 * into the caches what it needs for that.
 */
async function change(exchange: Exchange, operation: Operation): Promise<void> {
  const { authenticator, database, ids, ringKeeper, trail } = exchange.environment;
  const declaration = operation.declaration as unknown as AnyDeclaration;
  await database.glance((tx) => judge(exchange, declaration, operationContext(exchange, tx, exchange.caller!)));
  const work = async (tx: Tx): Promise<object> => {
    const caller = await authenticator.again(tx, exchange.caller!, exchange.facts.now);
    const output = await run(exchange, operation, tx, caller);
    await trail.appendWithin(tx, trailRecords(callFacts(exchange, output, null), ids));
    return output;
  };
  const { account } = exchange.caller!;
  exchange.output = await ringKeeper.upToDate(() => database.write(work, { account }));
  exchange.recorded = true;
  trail.committed();
}

function run(exchange: Exchange, operation: Operation, tx: Tx, caller: Actor): Eventual<object> {
  const declaration = operation.declaration as unknown as AnyDeclaration;
  const context = operationContext(exchange, tx, caller);
  return after(judge(exchange, declaration, context), (loaded) => declaration.handle(exchange.input!, loaded, context));
}

import { accessDenied, denialMessage } from "../../authorization/denial.ts";
import type { Requirement } from "../../authorization/requirement.ts";
import type { Declaration, Operation } from "../../operation/operation.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { Caller } from "../../session/caller.ts";
import type { Tx } from "../../store/database.ts";
import { after } from "../../store/eventual.ts";
import type { Eventual } from "../../store/eventual.ts";
import { trailRecords } from "../../trail/record.ts";
import type { Exchange } from "./exchange.ts";
import { callFacts } from "./facts.ts";

type AnyDeclaration = Declaration<object, object, unknown, unknown>;

/**
 * Loads, authorizes and acts in one transaction. A change carries its trail record in the same transaction, and its
 * caller is looked up again inside it: a key that was deactivated meanwhile does not act any more.
 */
export function perform(exchange: Exchange): void | Promise<void> {
  const operation = exchange.operation!;
  if (operation.writes) return change(exchange, operation);
  const { prepare } = operation.declaration as unknown as AnyDeclaration;
  const { environment } = exchange;
  const caller = exchange.caller!;
  const prepared = prepare?.(exchange.input!, { account: caller.account, environment });
  return after(prepared, (found) =>
    after(
      environment.database.glance((tx) => run(exchange, operation, tx, caller, found)),
      (output) => {
        exchange.output = output;
      },
    ),
  );
}

async function change(exchange: Exchange, operation: Operation): Promise<void> {
  const { authenticator, database, ids, trail } = exchange.environment;
  const work = async (tx: Tx): Promise<object> => {
    const caller = await authenticator.again(tx, exchange.caller!, exchange.facts.now);
    const output = await run(exchange, operation, tx, caller, undefined);
    await trail.appendWithin(tx, trailRecords(callFacts(exchange, output, null), ids));
    return output;
  };
  exchange.output = await database.write(work, { account: exchange.caller!.account });
  exchange.recorded = true;
  trail.committed();
}

function run(exchange: Exchange, operation: Operation, tx: Tx, caller: Caller, prepared: unknown): Eventual<object> {
  const declaration = operation.declaration as unknown as AnyDeclaration;
  const context: OperationContext = {
    tx,
    caller,
    account: caller.account,
    partition: caller.partition,
    request: exchange.facts,
    environment: exchange.environment,
    alsoDecided: (verdict) => exchange.asked.push(verdict),
    alsoConcerns: (account) => {
      exchange.concerned = [...exchange.concerned, account];
    },
    trailNote: (note) => {
      exchange.additional = { ...exchange.additional, ...note };
    },
  };
  // A transaction may run more than once: what an earlier attempt left here is forgotten.
  exchange.verdicts = [];
  exchange.asked = [];
  exchange.concerned = [];
  exchange.additional = undefined;
  const input = exchange.input!;
  const { load } = declaration;
  return after(load === undefined ? undefined : load(input, context, prepared), (loaded) =>
    after(authorize(exchange, declaration, input, loaded, context), () => declaration.handle(input, loaded, context)),
  );
}

function authorize(
  exchange: Exchange,
  declaration: AnyDeclaration,
  input: object,
  loaded: unknown,
  context: OperationContext,
): void | Promise<void> {
  if (declaration.authorize === "always") return;
  return after(declaration.authorize(input, loaded, context), (requirements) => {
    // An operation without a requirement would be one that nothing decides.
    if (requirements.length === 0) throw new Error(`${exchange.operation!.name} named no requirement`);
    return requireAll(exchange, requirements, 0, context);
  });
}

/** One after the other, from the one at `index` on. @throws Fault AccessDenied at the first that is not allowed */
function requireAll(
  exchange: Exchange,
  requirements: readonly Requirement[],
  index: number,
  context: OperationContext,
): void | Promise<void> {
  const requirement = requirements[index];
  if (requirement === undefined) return;
  const { caller, environment, request, tx } = context;
  return after(environment.authorizer.decide(tx, caller, requirement, request), (verdict) => {
    exchange.verdicts.push(verdict);
    if (!verdict.decision.allowed) throw accessDenied(denialMessage(caller, requirement, verdict.decision));
    return requireAll(exchange, requirements, index + 1, context);
  });
}

import { accessDenied, denialMessage } from "../../authorization/denial.ts";
import type { RequestSource } from "../../authorization/context-keys.ts";
import type { Declaration, Operation } from "../../operation/operation.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { Caller } from "../../session/caller.ts";
import type { Tx } from "../../store/database.ts";
import { trailRecords } from "../../trail/record.ts";
import type { Exchange } from "./exchange.ts";
import { callFacts } from "./facts.ts";

type AnyDeclaration = Declaration<object, object, unknown>;

/**
 * Loads, authorizes and acts in one transaction. A change carries its trail record in the same transaction, and its
 * caller is looked up again inside it: a key that was deactivated meanwhile does not act any more.
 */
export async function perform(exchange: Exchange): Promise<void> {
  const operation = exchange.operation!;
  const { database, trail } = exchange.environment;
  if (operation.readsTrail) await trail.flush();
  if (!operation.writes) {
    exchange.output = await database.read((tx) => run(exchange, operation, tx, exchange.caller!));
    return;
  }
  const change = async (tx: Tx): Promise<object> => {
    const caller = await exchange.environment.authenticator.again(tx, exchange.caller!, exchange.facts.now);
    const output = await run(exchange, operation, tx, caller);
    await trail.appendWithin(tx, trailRecords(callFacts(exchange, output, null), exchange.environment.ids));
    return output;
  };
  exchange.output = await database.write(change, { account: exchange.caller!.account });
  exchange.recorded = true;
  trail.committed();
}

async function run(exchange: Exchange, operation: Operation, tx: Tx, caller: Caller): Promise<object> {
  const declaration = operation.declaration as unknown as AnyDeclaration;
  const context: OperationContext = {
    tx,
    caller,
    account: caller.account,
    partition: caller.partition,
    request: exchange.facts,
    environment: exchange.environment,
    alsoDecided: (verdict) => exchange.asked.push(verdict),
    trailNote: (note) => {
      exchange.additional = { ...exchange.additional, ...note };
    },
  };
  // A transaction may run more than once: what an earlier attempt left here is forgotten.
  exchange.verdicts = [];
  exchange.asked = [];
  exchange.additional = undefined;
  const input = exchange.input!;
  const loaded = declaration.load === undefined ? undefined : await declaration.load(input, context);
  await authorize(exchange, declaration, input, loaded, context);
  return declaration.handle(input, loaded, context);
}

async function authorize(
  exchange: Exchange,
  declaration: AnyDeclaration,
  input: object,
  loaded: unknown,
  context: OperationContext,
): Promise<void> {
  if (declaration.authorize === "always") return;
  const requirements = await declaration.authorize(input, loaded, context);
  // An operation without a requirement would be one that nothing decides.
  if (requirements.length === 0) throw new Error(`${exchange.operation!.name} named no requirement`);
  const { authorizer } = context.environment;
  const source: RequestSource = context.request;
  for (const requirement of requirements) {
    const verdict = await authorizer.decide(context.tx, context.caller, requirement, source);
    exchange.verdicts.push(verdict);
    if (!verdict.decision.allowed) {
      throw accessDenied(denialMessage(context.caller, requirement, verdict.decision));
    }
  }
}

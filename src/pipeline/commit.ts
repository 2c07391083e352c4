import { Fault } from "../contracts/fault.ts";
import type { Actor } from "../session/actor.ts";
import type { Tx } from "../store/sql/database.ts";
import { trailRecords } from "../trail/record.ts";
import { callFacts } from "./facts.ts";
import { advance } from "./stage.ts";
import type { Performed, Ready } from "./stage.ts";

/**
 * A change in one transaction with its trail record, and with its caller looked up again inside it: a key that was
 * deactivated meanwhile does not act any more.
 *
 * @param work answers what the caller gets, or a fault, by which it is refused and what it has written stays
 * @throws Fault
 */
export async function commit(stage: Ready, work: (tx: Tx, caller: Actor) => Promise<object>): Promise<Performed> {
  const { caller, environment, facts } = stage;
  const { authenticator, database, ids, ringKeeper, trail } = environment;
  const recorded = async (tx: Tx): Promise<object> => {
    const output = await work(tx, await authenticator.again(tx, caller, facts.now));
    // Its record is a refusal's.
    if (output instanceof Fault) return output;
    trail.appendWithin(tx, trailRecords(callFacts(stage, output, null), ids));
    return output;
  };
  const output = await ringKeeper.upToDate(() => database.write(recorded, { account: caller.account }));
  if (output instanceof Fault) throw output;
  trail.committed();
  return advance(stage, { output, record: "made" });
}

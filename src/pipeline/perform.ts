import { shownProof } from "../operation/operation.ts";
import type { Preparation } from "../operation/operation.ts";
import type { Actor } from "../session/actor.ts";
import type { GlanceOptions, Tx } from "../store/sql/database.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { commit } from "./commit.ts";
import { leaveLine } from "./costly.ts";
import { declarationOf, judge, operationContext } from "./judge.ts";
import { performProven } from "./proven.ts";
import { search } from "./search.ts";
import { advance, attempt } from "./stage.ts";
import type { Performed, Ready } from "./stage.ts";

/**
 * Loads, authorizes and acts in one transaction. A change carries its trail record in the same transaction, and its
 * caller is looked up again inside it: a key that was deactivated meanwhile does not act any more.
 */
export function perform(stage: Ready): Performed | Promise<Performed> {
  const { operation } = stage;
  const proof = shownProof(operation, stage.input);
  if (proof !== null) return performProven(stage, proof);
  if (operation.writes) return change(stage);
  if (operation.search !== null) return search(stage, operation.search);
  if (operation.preparation !== null) return answer(stage);
  return gather(
    () => read(stage),
    (output) => advance(stage, { output }),
  );
}

/** What is prepared takes time: what is answered goes by how all stands when it is. */
async function answer(stage: Ready): Promise<Performed> {
  const prepared = await preparation(stage);
  return advance(stage, { output: await read(stage, prepared) });
}

function read(stage: Ready, prepared?: unknown): Eventual<object> {
  const { database, ringKeeper } = stage.environment;
  return ringKeeper.upToDate(() =>
    database.glance((tx) => run(stage, tx, stage.caller, prepared), glanceOptions(stage)),
  );
}

/**
 * Whoever is refused is refused by a read: a denied change takes no lock, waits in no queue of writes and makes nobody
 * else's fail. What is allowed is judged once more inside its own transaction, by what stands there; the read has put
 * into the caches what it needs for that.
 */
async function change(stage: Ready): Promise<Performed> {
  const prepared = await preparation(stage);
  return commit(stage, async (tx, caller) => run(stage, tx, caller, prepared));
}

/** Judges by a read. @returns what was prepared for it outside of any transaction, where something has to be */
async function preparation(stage: Ready): Promise<unknown> {
  const { caller, environment, input, operation } = stage;
  const { authorizer, database } = environment;
  const own = operation.preparation as Preparation<object, unknown, unknown> | null;
  const asked = await database.glance((tx) => {
    authorizer.ahead(tx, caller);
    const attempted = attempt(stage);
    const context = operationContext(attempted, tx, caller);
    return gather(
      () => judge(attempted, declarationOf(stage), context),
      (loaded) => own?.ask(input, loaded, context),
    );
  }, glanceOptions(stage));
  if (own === null) return undefined;
  // A turn among what is costly for this thread is not held while another one works.
  leaveLine(stage);
  const { account, partition } = caller;
  return own.prepare(input, asked, { caller, account, partition, environment });
}

/** Its caller was looked up just now: nobody asks once more how the account stands. */
function glanceOptions({ asOf, caller }: Ready): GlanceOptions {
  return { asOf, account: caller.account };
}

function run(stage: Ready, tx: Tx, caller: Actor, prepared?: unknown): Eventual<object> {
  const declaration = declarationOf(stage);
  const attempted = attempt(stage);
  const context = operationContext(attempted, tx, caller);
  return gather(
    () => judge(attempted, declaration, context),
    (loaded) => declaration.handle(stage.input, loaded, context, prepared),
  );
}

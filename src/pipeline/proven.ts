import { Fault } from "../contracts/fault.ts";
import type { OneTimeProof } from "../operation/operation.ts";
import type { Actor } from "../session/actor.ts";
import type { Tx } from "../store/sql/database.ts";
import { commit } from "./commit.ts";
import { declarationOf, operationContext, requireAll } from "./judge.ts";
import { attempt } from "./stage.ts";
import type { Performed, Ready } from "./stage.ts";

/**
 * The way of a call that shows what is good once. A read refuses whomever it can; what is shown is used up in a change, and
 * the caller judged there by having shown it. A refusal keeps what was written until then, so that nothing is shown for
 * nothing.
 */
export async function performProven(stage: Ready, proof: OneTimeProof<object>): Promise<Performed> {
  const { caller, environment, input } = stage;
  const { authorize, load } = declarationOf(stage);
  await environment.database.read(async (tx) => {
    const context = operationContext(attempt(stage), tx, caller);
    const loaded = await load?.(input, context);
    await proof.look(input, context);
    // Puts into the caches what the change needs: there nothing would.
    if (authorize !== "always") await environment.authorizer.gather(tx, caller, authorize(input, loaded, context));
  });
  return commit(stage, async (tx, current) => {
    try {
      return await prove(stage, proof, tx, current);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  });
}

async function prove(stage: Ready, proof: OneTimeProof<object>, tx: Tx, caller: Actor): Promise<object> {
  const { input } = stage;
  const { authorize, handle, load } = declarationOf(stage);
  const attempted = attempt(stage);
  const before = operationContext(attempted, tx, caller);
  const loaded = await load?.(input, before);
  const context = { ...before, caller: await proof.use(input, before) };
  if (authorize !== "always") await requireAll(attempted, authorize(input, loaded, context), context);
  return handle(input, loaded, context, undefined);
}

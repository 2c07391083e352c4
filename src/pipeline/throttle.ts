import type { Fault } from "../contracts/fault.ts";
import { payerOf } from "../session/actor.ts";
import { advance } from "./stage.ts";
import type { Authenticated, Decoded, Routed } from "./stage.ts";
import type { InputProof } from "./strategy/strategy.ts";

/**
 * Charges the caller for the request, which is authenticated by now. Who leaves records faster than they can be written
 * waits as well, before others have to.
 *
 * @throws Fault Throttling
 */
export function throttle<Stage extends Authenticated>(stage: Stage): Stage {
  const { caller, environment, facts } = stage;
  if (environment.trail.crowdedBy(payerOf(caller))) {
    // What is left of the queue is the others': these refusals are counted there.
    advance(stage, { record: "counted" });
    throw throttled(stage);
  }
  if (environment.rateLimits.enabled && !environment.rateLimits.take(caller, facts.now)) throw throttled(stage);
  return stage;
}

/**
 * Before a proof is looked at that is costly to verify and that anybody can send.
 *
 * @throws Fault Throttling
 */
export function throttleSource(stage: Routed): Routed {
  const { environment, facts } = stage;
  if (!environment.rateLimits.takeSource(facts.sourceIp, facts.now)) throw throttled(stage);
  return stage;
}

/** The same by the account that the request says it is about, whoever sends it: many addresses share its limit. */
export function throttleClaimed({ claimedAccount }: InputProof): (stage: Decoded) => Decoded {
  return function throttleClaimed(stage) {
    const { environment, facts, input } = stage;
    if (!environment.rateLimits.takeClaimed(claimedAccount(input) ?? "", facts.now)) throw throttled(stage);
    return stage;
  };
}

export function throttled({ service }: Routed): Fault {
  return service.codec.throttled();
}

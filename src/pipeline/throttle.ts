import type { Fault } from "../contracts/fault.ts";
import { payerOf } from "../session/actor.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Charges the caller for the request, which is authenticated by now. Who leaves records faster than they can be written
 * waits as well, before others have to.
 *
 * @throws Fault Throttling
 */
export function throttle(exchange: Exchange): void {
  const { caller, environment, facts } = exchange;
  if (caller === null) return;
  if (environment.trail.crowdedBy(payerOf(caller))) {
    // What is left of the queue is the others': these refusals are counted there.
    exchange.countedOnly = true;
    throw throttled(exchange);
  }
  if (environment.rateLimits.enabled && !environment.rateLimits.take(caller, facts.now)) throw throttled(exchange);
}

export function throttled({ service }: Exchange): Fault {
  return service!.codec.throttled();
}

import { Fault } from "../contracts/fault.ts";
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

/**
 * As AWS words it: Throttling in the query protocol (IAM API Reference, Common Errors: ThrottlingException there,
 * Throttling on the wire), ThrottlingException in JSON; SDKs wait and send again for either.
 */
export function throttled({ service }: Exchange): Fault {
  const query = service!.codec.contract.protocol === "query";
  return new Fault(query ? "Throttling" : "ThrottlingException", 400, "Rate exceeded");
}

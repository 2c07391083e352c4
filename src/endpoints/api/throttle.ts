import { Fault } from "../../contracts/fault.ts";
import type { Exchange } from "./exchange.ts";

/** Charges the caller for the request, which is authenticated by now. @throws Fault Throttling */
export function throttle(exchange: Exchange): void {
  const { rateLimits } = exchange.environment;
  if (exchange.caller === null || !rateLimits.enabled) return;
  if (!rateLimits.take(exchange.caller, exchange.facts.now)) throw throttled(exchange);
}

/**
 * As AWS words it: Throttling in the query protocol (IAM API Reference, Common Errors: ThrottlingException there,
 * Throttling on the wire), ThrottlingException in JSON; SDKs wait and send again for either.
 */
export function throttled({ service }: Exchange): Fault {
  const query = service!.codec.contract.protocol === "query";
  return new Fault(query ? "Throttling" : "ThrottlingException", 400, "Rate exceeded");
}

import { advance } from "./stage.ts";
import type { Exchange, Identified } from "./stage.ts";
import { headProofs } from "./strategy/strategies.ts";

/** What the head alone decides, before the body is read to its end: an unknown key makes nobody read ten megabytes. */
export function identify(exchange: Exchange): Identified | Promise<Identified> {
  for (const strategy of headProofs) if (strategy.carries(exchange)) return strategy.identify(exchange);
  return advance(exchange, { claim: null });
}

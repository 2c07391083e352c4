import { Overload } from "../http/overload.ts";
import { shownProof } from "../operation/operation.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Decoded, Exchange } from "./stage.ts";
import { advance } from "./stage.ts";

/** Nothing is answered that could not be recorded: while the trail cannot be written, its queue is all there is. */
export function requireTrail(exchange: Exchange): Exchange {
  const { trail } = exchange.environment;
  if (trail.holds ? trail.exhausted : trail.full) refuseUnrecorded(exchange);
  return exchange;
}

/** Where the trail holds back what is not a change, its queue being full is no reason to refuse a change. */
export function requireRoom<Stage extends Decoded>(stage: Stage): Stage {
  const { environment, input, operation } = stage;
  if (environment.trail.full && !operation.writes && shownProof(operation, input) === null) refuseUnrecorded(stage);
  return stage;
}

function refuseUnrecorded(exchange: Exchange): never {
  advance(exchange, { record: "counted" });
  throw new Overload("the trail cannot take another record");
}

/** A node is current when the request comes. */
export function requireCurrent(exchange: Exchange): Exchange | Promise<Exchange> {
  return gather(
    () => currentAt(exchange, exchange.began),
    () => exchange,
  );
}

/**
 * A node that the others may have stopped to count on does nothing before it has caught up with them: it may stand where
 * they went on from, and its time with it.
 *
 * @param at milliseconds of performance.now()
 */
export function currentAt({ environment, facts }: Exchange, at: number): void | Promise<void> {
  const { node, clock } = environment;
  if (node.isCurrent(at)) return;
  return node.renew().then(() => {
    facts.now = clock.now();
  });
}

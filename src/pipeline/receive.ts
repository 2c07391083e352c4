import { bodyLimit, BodyTooLarge, mayBeCut, unsignedLimit, withoutHalfEscape } from "../http/receive.ts";
import { currentAt } from "./admission.ts";
import { takeLargeBody } from "./costly.ts";
import { identify } from "./identify.ts";
import { advance } from "./stage.ts";
import type { Identified, Received } from "./stage.ts";

/** The body: of a request that nobody says to have sent only its beginning. */
export function receive(stage: Identified): Received | Promise<Received> {
  const claimed = stage.claim !== null;
  const hold = stage.bodies.hold(claimed);
  advance(stage, { hold });
  const received = stage.arrival.receive(hold, claimed ? bodyLimit : unsignedLimit);
  if (received instanceof Promise) return received.then((body) => receiveLate(stage, body));
  return advance(stage, { body: claimed ? received : withoutHalfEscape(received) });
}

/** A body may take as long as its timeout allows: what its head's credentials were meanwhile deprived of is gone. */
async function receiveLate(stage: Identified, body: Buffer): Promise<Received> {
  const received = advance(stage, { body: stage.claim === null ? withoutHalfEscape(body) : body });
  await takeLargeBody(received);
  await currentAt(received, performance.now());
  if (received.claim !== null) await identify(received);
  return received;
}

/**
 * The beginning of a body is enough to see what is asked for, and no input: a member that limits what is asked for may
 * be what was cut away.
 *
 * @throws BodyTooLarge
 */
export function requireWhole<Stage extends Received>(stage: Stage): Stage {
  if (stage.claim === null && mayBeCut(stage.body)) throw new BodyTooLarge();
  return stage;
}

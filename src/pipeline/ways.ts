import type { AuthType } from "../contracts/model.ts";
import { requireCurrent, requireRoom, requireTrail } from "./admission.ts";
import { refuseUnbuilt, requireBuilt, requireKind } from "./built.ts";
import { decode, encode } from "./codec.ts";
import { standInLine } from "./costly.ts";
import { disregardHead, identify, settleRegion } from "./identify.ts";
import { perform } from "./perform.ts";
import { receive, requireWhole } from "./receive.ts";
import { route } from "./route.ts";
import type { Answered, Exchange, Ready, Routed } from "./stage.ts";
import { strategies } from "./strategy/strategies.ts";
import type { Strategy } from "./strategy/strategy.ts";
import { throttle, throttleClaimed, throttleSource } from "./throttle.ts";
import { Way } from "./way.ts";

/** What every request goes through until it is known what it asks for. */
export const approach: Way<Exchange, Routed> = Way.from<Exchange>()
  .step(requireTrail)
  .step(requireCurrent)
  .step(identify)
  .step(receive)
  .step(route);

/** From there on, by what its operation wants for a proof: nothing reaches an operation but by all of these steps. */
export const ways = Object.fromEntries(
  Object.entries(strategies).map(([auth, strategy]) => [auth, wayOf(strategy)]),
) as Readonly<Record<AuthType, Way<Routed, Answered>>>;

/**
 * Which steps, in which order. What a head proves is proven before the body is read as an input; a proof in the input is
 * costly to verify, so whoever sends many waits before that.
 */
function wayOf(strategy: Strategy): Way<Routed, Answered> {
  const routed = Way.from<Routed>();
  switch (strategy.proof) {
    case "head":
      return finish(
        routed
          .step(strategy.authenticate)
          .step(requireBuilt)
          .step(requireKind)
          .step(throttle)
          .step(standInLine)
          .step(decode),
      );
    case "input":
      return finish(
        routed
          .step(disregardHead)
          .step(throttleSource)
          .step(requireBuilt)
          .step(requireWhole)
          .step(decode)
          .step(throttleClaimed(strategy))
          .step(strategy.authenticate)
          .step(settleRegion)
          .step(throttle)
          .step(standInLine),
      );
    case "none yet":
      return routed.step(refuseUnbuilt);
  }
}

function finish(way: Way<Routed, Ready>): Way<Routed, Answered> {
  return way.step(requireRoom).step(perform).step(encode);
}

import { globalRegion } from "../arn/partition.ts";
import { Fault } from "../contracts/fault.ts";
import { unsignedLimit } from "../http/receive.ts";
import { canonicalHeader } from "../sigv4/canonical-headers.ts";
import { unsignedRegion } from "./arrive.ts";
import { advance } from "./stage.ts";
import type { Exchange, Identified, Proven, Routed } from "./stage.ts";
import { headProofs } from "./strategy/strategies.ts";

/** What the head alone decides, before the body is read to its end: an unknown key makes nobody read ten megabytes. */
export function identify(exchange: Exchange): Identified | Promise<Identified> {
  const strategy = headProofs.find(({ carries }) => carries(exchange));
  if (strategy === undefined) return advance(exchange, { claim: null });
  try {
    const identified = strategy.identify(exchange);
    return identified instanceof Promise ? identified.catch((error) => withoutProof(exchange, error)) : identified;
  } catch (error) {
    return withoutProof(exchange, error);
  }
}

/**
 * Of operations whose proof is in their input AWS ignores a signature that came along (STS API,
 * AssumeRoleWithWebIdentity), and which operation it is stands in the body. Its beginning is read, as that of an unsigned
 * request; any other operation is then refused by what is wrong with the head (route.ts). A body that is too long for
 * such an input is not waited for.
 */
function withoutProof(exchange: Exchange, error: unknown): Identified {
  if (!(error instanceof Fault)) throw error;
  if (Number(canonicalHeader(exchange.arrival.headers, "content-length")) > unsignedLimit) throw error;
  return advance(exchange, { claim: null, refusal: error });
}

/** Where the input is the proof nothing goes by what came along with it: neither whose key it was, nor its Region. */
export function disregardHead(stage: Routed): Routed {
  stage.facts.region = unsignedRegion;
  return advance(stage, { claim: null, refusal: undefined, signature: undefined, about: undefined });
}

/** A request without a credential scope is about the Region of its partition's global services. */
export function settleRegion<Stage extends Proven>(stage: Stage): Stage {
  stage.facts.region = globalRegion(stage.caller.partition) ?? stage.facts.region;
  return stage;
}

import { Fault } from "../../contracts/fault.ts";
import { parseAuthorization } from "../../sigv4/parse.ts";
import { algorithm } from "../../sigv4/request.ts";
import { gather } from "../../store/sql/eventual.ts";
import { addressedService } from "../addressed-service.ts";
import type { Signer } from "../../session/actor.ts";
import type { Claim } from "../../session/verification.ts";
import { advance } from "../stage.ts";
import type { Exchange, Identified, Proven, Routed } from "../stage.ts";
import { noteProxiedHost } from "./proxied-host.ts";
import type { HeadProof } from "./strategy.ts";

/** AWS Signature Version 4, with a long-term key or with temporary credentials. */
export const sigv4: HeadProof = { proof: "head", carries, identify, authenticate };

function carries({ arrival, signed }: Exchange): boolean {
  if (arrival.authorization !== undefined) return true;
  return signed.query.includes("X-Amz-") || signed.query.includes(algorithm);
}

/** The form of the signature, its scope, and whether the key is known, active, unexpired and its issuer alive. */
function identify(exchange: Exchange): Identified | Promise<Identified> {
  // A signature that cannot be read is refused in the shape of the service that was reached, too.
  advance(exchange, { service: addressedService(exchange, null) });
  const signature = parseAuthorization(exchange.signed);
  const service = addressedService(exchange, signature.scope.service);
  advance(exchange, { signature, service, asOf: performance.now() });
  const { environment, facts } = exchange;
  facts.region = signature.scope.region;
  const { database, ringKeeper, verifier } = environment;
  const scope = { service: service.signingName, regions: "any" } as const;
  return gather(
    () => ringKeeper.upToDate(() => database.glance((tx) => verifier.identify(tx, signature, scope, facts.now))),
    (claim) => advance(exchange, { claim, about: claim.claimant.caller.account }),
  );
}

/** The time, and the signature over everything, body included. */
function authenticate(stage: Routed): Proven {
  const { claim, environment, facts, service } = stage;
  if (claim === null) {
    throw new Fault("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
  }
  const caller = verified(stage, claim);
  facts.region = service.regionOf(caller.partition, facts.region);
  if (caller.kind === "key") environment.usage.keyUsed(caller.accessKeyId, caller.account, service.signingName, facts);
  return advance(stage, { caller });
}

function verified(stage: Routed, claim: Claim): Signer {
  try {
    return stage.environment.verifier.verifySignature(claim, stage.signed, stage.facts.now);
  } catch (error) {
    noteProxiedHost(stage, claim, error);
    throw error;
  }
}

import { Fault } from "../contracts/fault.ts";
import { algorithm } from "../sigv4/request.ts";
import { parseAuthorization } from "../sigv4/parse.ts";
import { refuseByKindOfSession } from "../authorization/session-limits.ts";
import { after } from "../store/sql/eventual.ts";
import type { Exchange } from "./exchange.ts";
import { addressedService } from "./route.ts";

/**
 * What the head alone decides, before the body is read to its end: the form of the signature, its scope, and whether
 * the key is known, active, unexpired and its issuer alive.
 */
export function claim(exchange: Exchange): void | Promise<void> {
  if (!carriesSignature(exchange)) return;
  // A signature that cannot be read is refused in the shape of the service that was reached, too.
  exchange.service = addressedService(exchange, null);
  const signature = parseAuthorization(exchange.signed);
  exchange.signature = signature;
  exchange.service = addressedService(exchange, signature.scope.service);
  exchange.facts.region = signature.scope.region;
  return recognize(exchange);
}

/** Who claims to have signed, as it stands now. Asked again when time has passed since the head was read. */
export function recognize(exchange: Exchange): void | Promise<void> {
  const { signature, service, environment, facts } = exchange;
  if (signature === null) return;
  const claimed = environment.ringKeeper.upToDate(() =>
    environment.database.glance((tx) =>
      environment.verifier.claim(tx, signature, { service: service!.name, regions: "any" }, facts.now),
    ),
  );
  return after(claimed, (found) => {
    exchange.claim = found;
  });
}

/** The signature over everything, body included; from here on there is a caller. */
export function authenticate(exchange: Exchange): void {
  const contract = exchange.contract!;
  if (exchange.claim === null) {
    if (contract.auth === "sigv4") {
      throw new Fault("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    }
    // webIdentity, saml: nobody vouches for the request but the token in its body, which its operation verifies. Of a
    // body that is longer than `unsignedLimit` (receive.ts) only the beginning is there.
    if (exchange.operation === null) throw unsupported(exchange);
    throw new Error(`${contract.name} has no strategy to authenticate its caller`);
  }
  const { facts, environment } = exchange;
  const caller = environment.verifier.confirm(exchange.claim, exchange.signed, facts.now);
  exchange.caller = caller;
  facts.region = exchange.service!.regionOf(caller.partition, facts.region);
  if (caller.session === null) {
    environment.usage.keyUsed(caller.accessKeyId, caller.account, exchange.service!.name, exchange.facts);
  }
  if (exchange.operation === null) throw unsupported(exchange);
  refuseByKindOfSession(caller, exchange.service!.name, contract.name);
}

function unsupported(exchange: Exchange): Fault {
  const { name } = exchange.contract!;
  return new Fault(
    "UnsupportedOperation",
    400,
    `rolecall does not have the operation ${name} of ${exchange.service!.name} yet; docs/operations.md lists those it has.`,
  );
}

function carriesSignature(exchange: Exchange): boolean {
  if (exchange.arrival.authorization !== undefined) return true;
  return exchange.signed.query.includes("X-Amz-") || exchange.signed.query.includes(algorithm);
}

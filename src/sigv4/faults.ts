import { Fault } from "../contracts/fault.ts";
import { named } from "../text/shorten.ts";
import { sha256Base64 } from "./hash.ts";

/** The refusals of signature verification, in AWS's words. */

export function missingAuthenticationToken(): Fault {
  return new Fault("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
}

/** Query form with an algorithm that is not ours. */
export function unknownQueryAlgorithm(): Fault {
  return new Fault("MissingAuthenticationToken", 403, "Missing Authentication Token");
}

export function incompleteSignature(message: string): Fault {
  return new Fault("IncompleteSignature", 400, message);
}

/**
 * AWS names what it misses in the Authorization header and identifies the header by its hash, so that a secret
 * pasted into the wrong place is not repeated.
 */
export function incompleteAuthorization(complaints: readonly string[], authorization: string): Fault {
  return incompleteSignature(
    `${complaints.join(" ")} (Hashed with SHA-256 and encoded with Base64) Authorization=${sha256Base64(authorization)}`,
  );
}

export function missingEqualSign(authorization: string): Fault {
  return incompleteSignature(
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${sha256Base64(authorization)}'.`,
  );
}

export function signatureDoesNotMatch(message: string = mismatch, options?: { cause?: unknown }): Fault {
  return new Fault("SignatureDoesNotMatch", 403, message, options);
}

const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/** @param name as in AWS's own messages, e.g. `'Host' or ':authority'` with its quotes */
export function mustBeSigned(name: string): Fault {
  return signatureDoesNotMatch(`${named(name)} must be a 'SignedHeader' in the AWS Authorization.`);
}

export function malformedQueryString(): Fault {
  return new Fault("MalformedQueryString", 404, "The query string contains a syntax error.");
}

export function requestExpired(): Fault {
  return new Fault("RequestExpired", 400, "Request has expired.");
}

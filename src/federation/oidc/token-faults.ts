import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";

const stsFault = faultsOf("sts");

/**
 * What AssumeRoleWithWebIdentity says of a token: codes and texts as observed on AWS, September 2026 (radkawar/stackd
 * captures), unless it is said otherwise.
 */
function invalid(message: string): Fault {
  return stsFault("InvalidIdentityToken", message);
}

export function notAJwt(): Fault {
  return invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
}

/** A wrong signature, an audience that is not registered; and, by analogy, an algorithm that AWS does not take. */
export function notValidated(): Fault {
  return invalid(
    "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.",
  );
}

export function missingClaim(name: string): Fault {
  return invalid(`Missing a required claim: ${name}`);
}

export function emptyClaim(name: string): Fault {
  return invalid(`Claim is not allowed to be empty: ${name}`);
}

/** Seen in public logs. */
export function noProvider(issuer: string): Fault {
  return invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
}

export function severalAudiences(): Fault {
  return invalid("Token audience contains more than one audience while authorized party is not present");
}

export function badTimestamp(): Fault {
  return invalid("Invalid timestamp in token claims.");
}

/** @param now five minutes ago @param end both in seconds since the epoch */
export function tokenExpired(now: number, end: number): Fault {
  return stsFault(
    "ExpiredTokenException",
    `Token expired: current date/time ${now} must be before the expiration date/time ${end}`,
  );
}

export function issuedInTheFuture(issuedAt: number): Fault {
  return invalid(`Token issued in the future: ${issuedAt}`);
}

/** @param now in five minutes @param start both in seconds since the epoch */
export function notYetValid(now: number, start: number): Fault {
  return invalid(
    `Token not yet valid: current date/time ${now} must be after or equal to the not-before date/time ${start}`,
  );
}

/** Seen in public logs. */
export function tooOld(issuedAt: number): Fault {
  return stsFault("ExpiredTokenException", `Token too old: ${issuedAt}`);
}

export function roleNotListed(): Fault {
  return invalid("The target role ARN is not present in the roles claim of the identity token");
}

export function badTags(): Fault {
  return invalid("principal_tags passed in claim is not in correct format.");
}

/** As AssumeRole says it of its parameter; that it says so of a claim is by analogy. */
export function transitiveTagMissing(): Fault {
  return stsFault("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.");
}

/** As AssumeRoleWithSAML says it of its attribute (IAM User Guide, troubleshoot_saml); of a claim it is by analogy. */
export function badSourceIdentity(): Fault {
  return invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"');
}

export function unrecognizedProvider(): Fault {
  return stsFault(
    "AccessDenied",
    "Unrecognized OAuth provider. Do not include a provider parameter when submitting OpenIDConnect ID tokens",
  );
}

export function notFromAmazon(): Fault {
  return invalid("Provided Token is not a Login With Amazon token");
}

/** The code is AWS's (STS API, AssumeRoleWithWebIdentity); its text was not seen. */
export function rejectedClaim(): Fault {
  return stsFault("IDPRejectedClaim", "The identity provider rejected the token.");
}

/** The code is AWS's, which SDKs ask again for; its text was not seen. */
export function unreachableProvider(): Fault {
  return stsFault("IDPCommunicationError", "The identity provider could not be reached. Try again.");
}

import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";

/** A fault that the contract of STS has. */
export const stsFault = faultsOf("sts");

export function validationError(message: string): Fault {
  return stsFault("ValidationError", message);
}

export function invalidParameterValue(message: string): Fault {
  return stsFault("InvalidParameterValue", message);
}

export function accessDenied(message: string): Fault {
  return stsFault("AccessDenied", message);
}

/** @param percent of the space that policies may take */
export function packedPolicyTooLarge(percent: number): Fault {
  return stsFault(
    "PackedPolicyTooLarge",
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}

/** @param percent of the space that tags may take. Seen in public logs of 2024 to 2026 */
export function packedTagsTooLarge(percent: number): Fault {
  return stsFault("PackedPolicyTooLarge", `Packed size of session tags consumes ${percent}% of allotted space.`);
}

/** Seen in public logs. */
export function tokenTooLarge(): Fault {
  return stsFault("PackedPolicyTooLarge", "Serialized token too large for session");
}

/** A code that is wrong, was used, or is too old or too new. With the space at its end (observed on AWS, September 2026, radkawar/stackd captures). */
export function invalidMfaCode(): Fault {
  return accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
}

/**
 * A device that is not the caller's, or that has had as many codes verified as it may for now. With two spaces (observed as
 * above).
 */
export function unableToValidateMfa(): Fault {
  return accessDenied(
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
  );
}

/** One of the two without the other. Tools that go by AWS's answers know the sentence (public repositories of 2018). */
export function halfAnMfaCode(): Fault {
  return accessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
}

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

/**
 * A code is never accepted unchecked: no MFA device can be registered here yet, so none can be associated with the
 * caller, and AWS's own sentence for that is true.
 */
export function refuseMfa(input: {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}): void {
  if (input.SerialNumber === undefined && input.TokenCode === undefined) return;
  throw accessDenied(
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
  );
}

import { Fault } from "../../contracts/fault.ts";

export function validationError(message: string): Fault {
  return new Fault("ValidationError", 400, message);
}

export function invalidParameterValue(message: string): Fault {
  return new Fault("InvalidParameterValue", 400, message);
}

export function accessDenied(message: string): Fault {
  return new Fault("AccessDenied", 403, message);
}

/** @param percent of the space that policies and tags may take */
export function packedPolicyTooLarge(percent: number): Fault {
  return new Fault(
    "PackedPolicyTooLarge",
    400,
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
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

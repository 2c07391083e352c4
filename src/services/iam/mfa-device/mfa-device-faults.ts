import type { Fault } from "../../../contracts/fault.ts";
import { iamFault, validationError } from "../entity/faults.ts";

/**
 * What is said of MFA devices, in AWS's words: recorded from AWS (LocalStack snapshots, 2026) and observed on it (September
 * 2026, radkawar/stackd captures), but where a function says otherwise.
 */

export function noSuchDevice(serialNumber: string): Fault {
  return iamFault("NoSuchEntity", `MFA Device with serial number ${serialNumber} does not exist.`);
}

export function deviceExists(): Fault {
  return iamFault("EntityAlreadyExists", "MFA device already exists.");
}

/** By analogy: that what names a device has 256 characters at most is in the contract of all operations but its creation. */
export function serialNumberTooLong(): Fault {
  return iamFault("InvalidInput", "The serial number of the device, its ARN, would be longer than 256 characters.");
}

export function enabledForUser(userName: string): Fault {
  return iamFault("EntityAlreadyExists", `MFA Device for user ${userName} already exists.`);
}

export function enabledForAnother(): Fault {
  return iamFault("EntityAlreadyExists", "MFA Device is already in use.");
}

/** It is nobody's, or another's. */
export function notOfUser(): Fault {
  return iamFault("NoSuchEntity", "MFA Device invalid for user.");
}

export function invalidCodes(): Fault {
  return iamFault("InvalidAuthenticationCode", "Authentication code for device is not valid.");
}

/** In our own words: what AWS does about many wrong pairs is not known. */
export function tooManyCodes(until: Date): Fault {
  return iamFault(
    "LimitExceeded",
    `Too many authentication codes for the device were not valid. Try again after ${until.toISOString().slice(0, 19)}Z.`,
  );
}

export function deviceInUse(): Fault {
  return iamFault("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.");
}

export function mustHaveMfa(): Fault {
  return iamFault(
    "AccessDenied",
    "To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.",
  );
}

export function onlySecurityKeys(): Fault {
  return validationError(
    "The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only hardware FIDO security keys are supported. Please use the compatible device or API.",
  );
}

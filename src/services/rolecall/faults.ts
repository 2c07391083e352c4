import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";

/** A fault of rolecall's own contract. */
export const rolecallFault = faultsOf("rolecall");

export function validation(message: string): Fault {
  return rolecallFault("ValidationException", message);
}

export function notFound(message: string): Fault {
  return rolecallFault("ResourceNotFoundException", message);
}

export function limitExceeded(message: string): Fault {
  return rolecallFault("LimitExceededException", message);
}

export function conflict(message: string): Fault {
  return rolecallFault("ConflictException", message);
}

export function accessDenied(message: string): Fault {
  return rolecallFault("AccessDenied", message);
}

/** The same for an account or a user that is not there, a wrong password and too many of them; in the trail's words of AWS. */
export function failedAuthentication(): Fault {
  return accessDenied("Failed authentication");
}

import type { StatusType } from "../../../contracts/iam/types.gen.ts";
import { invalidInput } from "./faults.ts";

/**
 * The status that a call gives to a credential. The contract's enum also has what is only ever shown (observed on AWS,
 * September 2026, radkawar/stackd captures).
 *
 * @throws Fault InvalidInput
 */
export function settableStatus(status: StatusType): Exclude<StatusType, "Expired"> {
  if (status === "Expired") throw invalidInput("Operation does not support status Expired");
  return status;
}

import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { OneTimeProof } from "../../operation/operation.ts";
import * as mfaDevices from "../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../store/iam/mfa-devices.ts";
import { mayVerify, verify } from "../iam/mfa-device/mfa-verification.ts";
import { failedAuthentication, rolecallFault } from "./faults.ts";

type Input = RolecallOperations["SignIn"]["input"];

/** More than a user may have (IAM User Guide, id_credentials_mfa). */
const allDevices = 1000;

/**
 * A code of an MFA device of the user who signs in; his password was right. A wrong one is answered as a wrong password:
 * nobody learns from it that this was.
 */
export const signInCode: OneTimeProof<Input> = {
  isShown: ({ MfaCode: code }) => code !== undefined,
  async look(input, context) {
    if (!(await mayVerify(await chosenDevice(input, context), context))) throw failedAuthentication();
  },
  async use(input, context) {
    const found = await verify(await chosenDevice(input, context), input.MfaCode!, context);
    if (found !== "right") throw failedAuthentication();
    return { ...context.caller, mfaAt: context.request.now };
  },
};

/** The one that is named, or the only one. @throws Fault AccessDenied, MfaCodeRequiredException */
async function chosenDevice(
  { MfaSerialNumber: serialNumber }: Input,
  context: OperationContext,
): Promise<MfaDeviceRecord> {
  const devices = await devicesOf(context);
  const chosen = devices.filter(({ name }) => serialNumber === undefined || name === serialNumber);
  if (chosen.length === 0) throw failedAuthentication();
  if (chosen.length > 1) throw codeRequired(devices);
  return chosen[0]!;
}

export function devicesOf({ account, caller, tx }: OperationContext): Promise<readonly MfaDeviceRecord[]> {
  return mfaDevices.listByOwner(tx, { account, id: caller.entity!.id }, { limit: allDevices });
}

/** For whoever has shown the right password alone. */
export function codeRequired(devices: readonly MfaDeviceRecord[]) {
  const serialNumbers = devices.map(({ name }) => name).join(", ");
  return rolecallFault(
    "MfaCodeRequiredException",
    devices.length === 1
      ? `A code of the user's MFA device is needed as well (MfaCode): ${serialNumbers}`
      : `A code of one of the user's MFA devices is needed as well (MfaCode, MfaSerialNumber): ${serialNumbers}`,
  );
}

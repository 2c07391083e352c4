import type { OperationContext } from "../../operation/context.ts";
import type { OneTimeProof } from "../../operation/operation.ts";
import * as mfaDevices from "../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../store/iam/mfa-devices.ts";
import { mayVerify, verify } from "../iam/mfa-device/mfa-verification.ts";
import { halfAnMfaCode, invalidMfaCode, unableToValidateMfa } from "./faults.ts";

interface CodeInput {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}

/** @throws Fault AccessDenied for a serial number without a code, and a code without one */
export function requireWhole({ SerialNumber: serialNumber, TokenCode: code }: CodeInput): void {
  if ((serialNumber === undefined) !== (code === undefined)) throw halfAnMfaCode();
}

/**
 * A code of an MFA device of the user who calls. Only whose device it is can have its codes verified, so that nobody else
 * spends what may be verified of them.
 */
export const mfaCode: OneTimeProof<CodeInput> = {
  isShown: ({ SerialNumber: serialNumber, TokenCode: code }) => serialNumber !== undefined && code !== undefined,
  async look({ SerialNumber: serialNumber }, context) {
    if (!(await mayVerify(await ownDevice(serialNumber!, context), context))) throw unableToValidateMfa();
  },
  async use({ SerialNumber: serialNumber, TokenCode: code }, context) {
    const found = await verify(await ownDevice(serialNumber!, context), code!, context);
    if (found === "unverified") throw unableToValidateMfa();
    if (found === "wrong") throw invalidMfaCode();
    return { ...context.caller, mfaAt: context.request.now };
  },
};

/**
 * A device that is enabled for the user who calls. FIDO security keys have no codes, and root's devices are for the console
 * (IAM User Guide, id_credentials_mfa_configure-api-require).
 *
 * @throws Fault AccessDenied
 */
async function ownDevice(serialNumber: string, { account, caller, tx }: OperationContext): Promise<MfaDeviceRecord> {
  const owner = caller.principal.type === "User" ? caller.entity : null;
  const device = owner === null ? null : await mfaDevices.byName(tx, account, serialNumber);
  if (device === null || device.enabled?.for !== owner!.id) throw unableToValidateMfa();
  return device;
}

/** Virtual MFA devices, and the codes that they show. */
import { stepAt } from "../../../src/mfa/one-time-code.ts";
import type { OneTimeCodes } from "../../../src/mfa/one-time-code.ts";
import { codesFrom } from "../../harness/shown-code.ts";
import type { Harness } from "../harness.ts";

export interface TestDevice {
  readonly serialNumber: string;
  readonly codes: OneTimeCodes;
}

export async function virtualDevice(harness: Harness, name: string): Promise<TestDevice> {
  const { VirtualMFADevice: made } = await harness.ok("CreateVirtualMFADevice", { VirtualMFADeviceName: name });
  const seed = Buffer.from(made.Base32StringSeed!).toString("latin1");
  return { serialNumber: made.SerialNumber, codes: codesFrom(seed) };
}

/** A pair whose later code is that of so many steps after the present one. */
export function pairAt(harness: Harness, { codes }: TestDevice, offset = 0) {
  const step = stepAt(harness.clock.now()) + offset;
  return { AuthenticationCode1: codes.at(step - 1), AuthenticationCode2: codes.at(step) };
}

import { Secret } from "otpauth";
import { OneTimeCodes, stepAt } from "../../src/mfa/one-time-code.ts";

/** The codes of a virtual MFA device. @param seed in Base32 */
export function codesFrom(seed: string): OneTimeCodes {
  return new OneTimeCodes(Secret.fromBase32(seed).bytes);
}

/** The code that a virtual MFA device shows so many steps of 30 seconds after now. @param seed in Base32 */
export function shownCode(seed: string, steps = 0): string {
  return codesFrom(seed).at(stepAt(Date.now()) + steps);
}

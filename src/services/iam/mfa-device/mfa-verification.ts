import { furthestBack } from "../../../mfa/code-pair.ts";
import { stepsOfCode } from "../../../mfa/code-window.ts";
import { OneTimeCodes, stepAt } from "../../../mfa/one-time-code.ts";
import type { OperationContext } from "../../../operation/context.ts";
import * as mfaCodes from "../../../store/iam/mfa-codes.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";

/**
 * How many codes of a device may be verified in each span of time, right, wrong and used ones alike, and how long one is,
 * in milliseconds (observed on AWS, September 2026, radkawar/stackd captures).
 */
export const mostInSpan = 9;
export const span = 180_000;

/** Where the clock of a device is set anew, steps come back that are so far behind, and their codes with them. */
const memory = furthestBack + 10;

/** Whether one more code of a device may be verified now. */
export function mayVerify(device: MfaDeviceRecord, context: OperationContext): Promise<boolean> {
  return mfaCodes.mayVerify(context.tx, device, budgetAt(context));
}

/**
 * Verifies a code of a device, and uses it up. A code is good once, and for two steps around the present one, an older one
 * after a newer one as well (observed as above). What is found is in the record of the call, in the words of CloudTrail's
 * records of sign-ins.
 *
 * @returns `unverified` where the device has had too many verified, or its seed cannot be read
 */
export async function verify(
  device: MfaDeviceRecord,
  code: string,
  context: OperationContext,
): Promise<"right" | "wrong" | "unverified"> {
  const { request, trailNote, tx } = context;
  trailNote({ MFAIdentifier: device.name });
  if (!(await mfaCodes.verifying(tx, device, budgetAt(context)))) return "unverified";
  const codes = codesOf(device, context);
  if (codes === null) return "unverified";
  const now = stepAt(request.now) + device.drift;
  for (const step of stepsOfCode(codes, code, now)) {
    if (!(await mfaCodes.use(tx, device, step, now - memory))) continue;
    trailNote({ MFAUsed: "Yes" });
    return "right";
  }
  return "wrong";
}

/** Null for what a lost master key has made unusable, until that one is found. */
export function codesOf({ id, sealedSecret }: MfaDeviceRecord, { environment }: OperationContext): OneTimeCodes | null {
  const { secrets } = environment;
  if (secrets.isLost(sealedSecret)) return null;
  secrets.expectKnownKey(sealedSecret);
  return new OneTimeCodes(secrets.open(sealedSecret, id));
}

function budgetAt({ request }: OperationContext) {
  return { span: Math.floor(request.now / span), most: mostInSpan };
}

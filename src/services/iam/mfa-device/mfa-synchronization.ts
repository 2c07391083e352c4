import { Fault } from "../../../contracts/fault.ts";
import { stepOfPair } from "../../../mfa/code-pair.ts";
import { stepAt } from "../../../mfa/one-time-code.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { within } from "../../../policy/effort.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";
import { invalidCodes, tooManyCodes } from "./mfa-device-faults.ts";
import { codesOf, mostInSpan, span } from "./mfa-verification.ts";

interface CodePair {
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

/**
 * What is known of a device once it has shown two codes that follow each other, both newer than those of the pair before.
 * That as many pairs may be wrong as single codes are verified is ours: nobody guesses a pair.
 *
 * @returns the fault for a wrong pair, which has been counted
 * @throws Fault LimitExceeded where too many were wrong
 */
export async function synchronized(
  device: MfaDeviceRecord,
  pair: CodePair,
  context: OperationContext,
): Promise<Pick<MfaDeviceRecord, "drift" | "lastStep"> | Fault> {
  const { tx, request } = context;
  const current = Math.floor(request.now / span);
  const refused = device.refused?.span === current ? device.refused.pairs : 0;
  if (refused >= mostInSpan) throw tooManyCodes(new Date((current + 1) * span));
  const codes = codesOf(device, context);
  if (codes === null) throw invalidCodes();
  const now = stepAt(request.now);
  const expected = { step: now + device.drift, after: device.lastStep };
  const step = within(request.effort, () =>
    stepOfPair(codes, [pair.AuthenticationCode1, pair.AuthenticationCode2], expected),
  );
  if (step !== null) return { drift: step - now, lastStep: step };
  await mfaDevices.update(tx, device, { refused: { span: current, pairs: refused + 1 } });
  return invalidCodes();
}

import { Fault } from "../../../contracts/fault.ts";
import { stepOfPair } from "../../../mfa/code-pair.ts";
import { OneTimeCodes, stepAt } from "../../../mfa/one-time-code.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { within } from "../../../policy/effort.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";
import { invalidCodes, tooManyCodes } from "./mfa-device-faults.ts";

/**
 * How many pairs may be wrong in each span of time, and how long one is, in milliseconds: nobody guesses a pair. Both are
 * what AWS allows of codes at STS (observed, September 2026, radkawar/stackd captures).
 */
const mostRefused = 9;
const span = 180_000;

interface CodePair {
  readonly AuthenticationCode1: string;
  readonly AuthenticationCode2: string;
}

/**
 * What is known of a device once it has shown two codes that follow each other, both newer than those of the pair before.
 *
 * @returns the fault for a wrong pair, which has been counted
 * @throws Fault LimitExceeded where too many were wrong
 */
export async function synchronized(
  device: MfaDeviceRecord,
  pair: CodePair,
  { tx, environment, request }: OperationContext,
): Promise<Pick<MfaDeviceRecord, "drift" | "lastStep"> | Fault> {
  const { secrets } = environment;
  const current = Math.floor(request.now / span);
  const refused = device.refused?.span === current ? device.refused.pairs : 0;
  if (refused >= mostRefused) throw tooManyCodes(new Date((current + 1) * span));
  // What a lost master key made unusable shows no codes, until that one is found.
  if (secrets.isLost(device.sealedSecret)) throw invalidCodes();
  secrets.expectKnownKey(device.sealedSecret);
  const codes = new OneTimeCodes(secrets.open(device.sealedSecret, device.id));
  const now = stepAt(request.now);
  const expected = { step: now + device.drift, after: device.lastStep };
  const step = within(request.effort, () =>
    stepOfPair(codes, [pair.AuthenticationCode1, pair.AuthenticationCode2], expected),
  );
  if (step !== null) return { drift: step - now, lastStep: step };
  await mfaDevices.update(tx, device, { refused: { span: current, pairs: refused + 1 } });
  return invalidCodes();
}

import { afterAll, beforeAll, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { Harness } from "../harness.ts";
import { pairAt, virtualDevice } from "./mfa-devices.ts";

type Step = readonly ["enable" | "resync" | "deactivate" | "wait", number?, boolean?];

interface PairCase {
  readonly name: string;
  readonly steps: readonly Step[];
}

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
});
afterAll(() => harness.close());

const cases = casesIn<PairCase>("mfa/pairs.jsonl").map((wanted, index) => ({ ...wanted, UserName: `user-${index}` }));

test.each(cases)("$name", async ({ UserName, steps }) => {
  await harness.ok("CreateUser", { UserName });
  const device = await virtualDevice(harness, UserName);
  const named = { UserName, SerialNumber: device.serialNumber };
  for (const [what, offset = 0, accepted] of steps) {
    if (what === "wait") harness.clock.advance(offset * 30_000);
    else if (what === "deactivate") await harness.ok("DeactivateMFADevice", named);
    else {
      const operation = what === "enable" ? "EnableMFADevice" : "ResyncMFADevice";
      const answer = await harness.call(operation, { ...named, ...pairAt(harness, device, offset) });
      const got =
        answer.fault === undefined ? true : answer.fault.code === "InvalidAuthenticationCode" ? false : answer;
      expect(got, `${what} ${offset}`).toBe(accepted);
    }
  }
});

import { TOTP } from "otpauth";
import type { Clock } from "../../src/clock/clock.ts";
import type { Caller } from "./clients.ts";

const step = 30_000;

/** A phone with an authenticator app: it knows the seed and looks at its clock. The library says what it shows, not our own code. */
export class Phone {
  readonly serial: string;
  readonly #totp: TOTP;
  readonly #clock: Pick<Clock, "now">;
  constructor(serial: string, seed: Uint8Array, clock: Pick<Clock, "now"> = Date) {
    this.serial = serial;
    this.#totp = new TOTP({ secret: Buffer.from(seed).toString("latin1") });
    this.#clock = clock;
  }
  /** @param offset steps from now */
  code(offset = 0): string {
    return this.#totp.generate({ timestamp: this.#clock.now() + offset * step });
  }
  /** A pair whose later code is of that step. */
  pair(offset = 0) {
    return { AuthenticationCode1: this.code(offset - 1), AuthenticationCode2: this.code(offset) };
  }
  /** A code that it does not show for a while. */
  wrong(): string {
    const shown = new Set(Array.from({ length: 41 }, (_, index) => this.code(index - 20)));
    return Array.from({ length: 42 }, (_, index) => String(index).padStart(6, "0")).find((code) => !shown.has(code))!;
  }
  /** What STS takes. */
  shows(code = this.code()) {
    return { SerialNumber: this.serial, TokenCode: code };
  }
}

/** A new virtual device, which nobody has yet. */
export async function newPhone(
  { iam }: Caller,
  VirtualMFADeviceName: string,
  clock?: Pick<Clock, "now">,
): Promise<Phone> {
  const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({ VirtualMFADeviceName });
  return new Phone(device!.SerialNumber!, device!.Base32StringSeed!, clock);
}

/** The same, enabled for a user. @param name of the device; the user's own where it is left out */
export async function phoneOf(
  admin: Caller,
  UserName: string,
  clock?: Pick<Clock, "now">,
  name: string = UserName,
): Promise<Phone> {
  const phone = await newPhone(admin, name, clock);
  await admin.iam.enableMFADevice({ UserName, SerialNumber: phone.serial, ...phone.pair() });
  return phone;
}

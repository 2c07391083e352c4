import { HOTP, Secret } from "otpauth";

/**
 * Codes of MFA devices: RFC 6238 with its defaults, SHA-1, six digits, a new one every 30 seconds (IAM User Guide,
 * id_credentials_mfa_enable_virtual).
 */
const stepLength = 30_000;

/** The step of a moment, by a clock that goes right. @param now milliseconds since the epoch */
export function stepAt(now: number): number {
  return Math.floor(now / stepLength);
}

/** The codes of one device. */
export class OneTimeCodes {
  readonly #secret: Secret;

  constructor(seed: Uint8Array) {
    this.#secret = new Secret({ buffer: Uint8Array.from(seed).buffer });
  }

  /** As phones are given it: Base32 (RFC 4648) without padding. */
  get base32(): string {
    return this.#secret.base32;
  }

  at(step: number): string {
    return HOTP.generate({ secret: this.#secret, counter: step });
  }
}

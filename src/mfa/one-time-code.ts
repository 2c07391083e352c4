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

/** Bytes of a seed: at least 128 bits (RFC 4226, §4), at most a block of SHA-1. */
const [shortest, longest] = [16, 64];

/** The codes of one device. */
export class OneTimeCodes {
  readonly seed: Uint8Array;
  readonly #secret: Secret;

  constructor(seed: Uint8Array) {
    this.seed = seed;
    this.#secret = new Secret({ buffer: Uint8Array.from(seed).buffer });
  }

  /** Of a seed as its maker gives it away; null where it is none. @param base32 in any case, padded or not */
  static fromBase32(base32: string): OneTimeCodes | null {
    if (!/^[a-z2-7]+=*$/i.test(base32)) return null;
    const { bytes } = Secret.fromBase32(base32);
    return bytes.length < shortest || bytes.length > longest ? null : new OneTimeCodes(bytes);
  }

  /** As phones are given it: Base32 (RFC 4648) without padding. */
  get base32(): string {
    return this.#secret.base32;
  }

  at(step: number): string {
    return HOTP.generate({ secret: this.#secret, counter: step });
  }
}

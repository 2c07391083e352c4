import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A private key in PEM, in PKCS#1, SEC 1 or PKCS#8; null for what is none, or is encrypted itself. */
export function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

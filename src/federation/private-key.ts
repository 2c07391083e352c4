import { createPrivateKey } from "node:crypto";

/**
 * Reads the private key with which assertions for a provider are decrypted: PEM, RSA or EC, of any length, in PKCS#1,
 * SEC 1 or PKCS#8 (observed on AWS, September 2026, radkawar/stackd captures).
 *
 * @returns it in PKCS#8, DER; null for what is none, or is encrypted itself
 */
export function readPrivateKey(pem: string): Buffer | null {
  try {
    const key = createPrivateKey(pem);
    const isTaken = key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec";
    return isTaken ? key.export({ type: "pkcs8", format: "der" }) : null;
  } catch {
    return null;
  }
}

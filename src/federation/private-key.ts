import { privateKeyOf } from "../x509/private-key.ts";

/**
 * Reads the private key with which assertions for a provider are decrypted: RSA or EC, of any length (observed on AWS,
 * September 2026, radkawar/stackd captures).
 *
 * @returns it in PKCS#8, DER; null for what is none
 */
export function readPrivateKey(pem: string): Buffer | null {
  const key = privateKeyOf(pem);
  const isTaken = key?.asymmetricKeyType === "rsa" || key?.asymmetricKeyType === "ec";
  return isTaken ? key!.export({ type: "pkcs8", format: "der" }) : null;
}

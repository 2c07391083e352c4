import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { OutboundAlgorithm } from "../../store/iam/outbound-keys.ts";

/** A key that tokens are signed with, before it is kept. */
export interface KeyPair {
  readonly algorithm: OutboundAlgorithm;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#8 in DER. */
  readonly privateKey: Uint8Array;
}

const generate = promisify(generateKeyPair);
const publicKeyEncoding = { type: "spki", format: "der" } as const;
const privateKeyEncoding = { type: "pkcs8", format: "der" } as const;

/**
 * RSA of 2,048 bits or P-384, as AWS's issuers have (observed on AWS, September 2026, radkawar/stackd captures). Looking for
 * primes takes a tenth of a second and more, on another thread: no transaction waits for it.
 */
export async function makeKeyPair(algorithm: OutboundAlgorithm): Promise<KeyPair> {
  const made =
    algorithm === "RS256"
      ? await generate("rsa", { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
      : await generate("ec", { namedCurve: "P-384", publicKeyEncoding, privateKeyEncoding });
  return { algorithm, ...made };
}

export const outboundAlgorithms: readonly OutboundAlgorithm[] = ["RS256", "ES384"];

/** One of each algorithm. */
export function makeKeyPairs(): Promise<KeyPair[]> {
  return Promise.all(outboundAlgorithms.map(makeKeyPair));
}

import { createPublicKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Alg } from "./alg.ts";
import { curveOf } from "./alg.ts";

/** What of a JWK (RFC 7517, RFC 7518 §6) makes the key. */
export interface PublicJwk {
  readonly kid: string;
  /** The public members, by their names: n and e, or crv, x and y. */
  readonly members: Readonly<Record<string, string>>;
  /** The first certificate of x5c: DER in Base64. */
  readonly certificate?: string;
}

/** Bits of RSA: RFC 7518 §3.3 asks for the first at least; beyond the second one verification takes milliseconds. */
const leastBits = 2048;
const mostBits = 8192;
/** A larger exponent makes verifying as dear as signing; 1 makes every text a signature of itself. */
const leastExponent = 3n;
const mostExponent = 2n ** 32n;

/** The key; a sentence's end where it is none that a token may be verified with: `has …`, `is …`. */
export function publicKeyOf(jwk: PublicJwk): KeyObject | string {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk.members, format: "jwk" });
  } catch {
    return "is no key that can be read";
  }
  return problemOf(key, jwk) ?? key;
}

function problemOf(key: KeyObject, { certificate }: PublicJwk): string | null {
  const { modulusLength: bits, publicExponent: exponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    if (bits === undefined || bits < leastBits || bits > mostBits)
      return `has ${bits} bits, and not ${leastBits} to ${mostBits}`;
    if (exponent === undefined || exponent < leastExponent || exponent > mostExponent || exponent % 2n === 0n) {
      return "has an exponent that is not safe";
    }
  }
  return certificate === undefined || isKeyOf(certificate, key) ? null : "has a certificate (x5c) of another key";
}

function isKeyOf(certificate: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(Buffer.from(certificate, "base64")).publicKey.equals(key);
  } catch {
    return false;
  }
}

/** Whether a token with this algorithm can be signed by it (RFC 7518 §3.4). */
export function isFor(alg: Alg, key: KeyObject): boolean {
  const curve = curveOf(alg);
  return curve === null ? key.asymmetricKeyType === "rsa" : key.asymmetricKeyDetails?.namedCurve === curve;
}

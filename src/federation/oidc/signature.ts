import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { algs, curveOf, keyTypeOf } from "./alg.ts";
import type { Alg } from "./alg.ts";
import type { ReadToken } from "./read-token.ts";

export function isAlg(name: string): name is Alg {
  return (algs as readonly string[]).includes(name);
}

/**
 * Whether a key has signed a token by an algorithm (RFC 7518, sections 3.3 and 3.4). The key says with which algorithms it
 * may be used, so that none is taken for one of another kind.
 */
export function isSignedBy(key: KeyObject, alg: Alg, { signed, signature }: ReadToken): boolean {
  if (key.type !== "public" || key.asymmetricKeyType !== keyTypeOf(alg).toLowerCase()) return false;
  const curve = curveOf(alg);
  if (curve !== null && key.asymmetricKeyDetails?.namedCurve !== curve) return false;
  return verify(`sha${alg.slice(2)}`, signed, { key, dsaEncoding: "ieee-p1363" }, signature);
}

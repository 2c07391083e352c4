import { setImmediate as nextTurn } from "node:timers/promises";
import type { Certificate } from "./certificate.ts";
import { isSelfIssued, pathLengthOf } from "./certificate.ts";

/** What is wrong with a path as a whole: it does not end where it says. */
export const notAnchored = -1;

/**
 * Validates a certification path (RFC 5280 §6.1) from its last certificate, which is believed, to its first. One
 * certificate takes one turn of the event loop: a path may be as long as its sender likes.
 *
 * @param path each is issued by the next
 * @param now milliseconds
 * @returns the index of the first that does not hold; `notAnchored` where the last issues nothing of it; null where all do
 */
export async function brokenLink(path: readonly Certificate[], now: number): Promise<number | null> {
  const anchor = path.at(-1)!;
  const last = path.length - 2;
  if (!anchor.x509.ca || !path[last]!.x509.checkIssued(anchor.x509)) return notAnchored;
  let most = pathLengthOf(anchor) ?? Infinity;
  for (let index = last; index >= 0; index--) {
    await nextTurn();
    const certificate = path[index]!;
    if (!isValid(certificate, path[index + 1]!, now)) return index;
    if (index === 0) break;
    if (!certificate.x509.ca) return index;
    if (!isSelfIssued(certificate) && most-- <= 0) return index;
    most = Math.min(most, pathLengthOf(certificate) ?? Infinity);
  }
  return null;
}

/** OpenSSL compares names, key identifiers and whether the issuer's key may sign certificates. */
function isValid({ x509, notBefore, notAfter }: Certificate, issuer: Certificate, now: number): boolean {
  return notBefore <= now && now <= notAfter && x509.checkIssued(issuer.x509) && x509.verify(issuer.publicKey);
}

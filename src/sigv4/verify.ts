import { timingSafeEqual } from "node:crypto";

import { canonicalRequest, stringToSign } from "./canonical-request.ts";
import { mustBeSigned, signatureDoesNotMatch } from "./faults.ts";
import { layoutOf } from "./header-layout.ts";
import { payloadOf } from "./payload.ts";
import type { PayloadKind } from "./payload.ts";
import type { ParsedSignature, SignedRequestInput } from "./request.ts";
import type { SigningRules } from "./rules.ts";
import { deriveSigningKey } from "./signing-key.ts";
import type { SigningKeys } from "./signing-key.ts";

/**
 * The last check: the signature itself, compared in constant time.
 * @param keys where signing keys are kept between requests
 * @param secret gives the secret access key; called only where no signing key is kept
 * @returns what the signature covers of the body: of a body in chunks it is the seed of theirs, and covers the head alone
 * @throws Fault SignatureDoesNotMatch, and those of `payloadOf`
 */
export function verifySignature(
  parsed: ParsedSignature,
  request: SignedRequestInput,
  rules: SigningRules,
  keys: SigningKeys,
  secret: () => string,
): PayloadKind {
  checkSignedHeaders(parsed, request.headers, rules);
  if (!/^[0-9a-f]{64}$/.test(parsed.signature)) throw signatureDoesNotMatch();
  const payload = payloadOf(parsed, request, rules);
  const canonical = canonicalRequest(request, parsed, rules, payload.hash);
  const text = stringToSign(parsed.timestamp, scopeOf(parsed), canonical);
  const kept = keys.find(parsed.credential);
  const key = kept ?? deriveSigningKey(secret(), parsed.scope);
  if (!timingSafeEqual(key.sign(text), Buffer.from(parsed.signature, "hex"))) throw signatureDoesNotMatch();
  if (kept === undefined) keys.remember(parsed.credential, key);
  return payload.kind;
}

/** The credential without its key id: date/region/service/aws4_request. */
function scopeOf(parsed: ParsedSignature): string {
  return parsed.credential.slice(parsed.accessKeyId.length + 1);
}

/**
 * Headers that may come unsigned: the date is in the string to sign, S3's payload hash is the last line of the canonical
 * request (and other services do not read it), and CloudFront adds its request id under way.
 */
const needNoSignature: ReadonlySet<string> = new Set(["x-amz-date", "x-amz-content-sha256", "x-amz-cf-id"]);

/**
 * Every x-amz-* header that is present must be signed (AWS: "any x-amz-* headers that you plan to include in your
 * request"; S3 answers "There were headers present in the request which were not signed"). X-Amz-Target names the
 * operation and X-Amz-Security-Token the session: unsigned, anyone on the way could exchange them.
 */
function checkSignedHeaders(parsed: ParsedSignature, headers: readonly string[], rules: SigningRules): void {
  const layout = layoutOf(headers);
  const signed = layout.signed(parsed.signedHeaderList, parsed.signedHeaders);
  if (signed === null) throw signatureDoesNotMatch();
  for (const name of signed.unsigned) {
    if (needNoSignature.has(name)) continue;
    if (name === "x-amz-security-token" && rules.securityToken === "added-after-signing") continue;
    throw mustBeSigned(`'${layout.spelling(name).replace(/[^\x21-\x7e]/g, "?")}'`);
  }
}

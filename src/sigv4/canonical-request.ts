import { canonicalLines } from "./canonical-headers.ts";
import { canonicalPath } from "./canonical-path.ts";
import { canonicalQuery, queryParameters } from "./canonical-query.ts";
import { signatureDoesNotMatch } from "./faults.ts";
import { sha256Hex } from "./hash.ts";
import { algorithm } from "./request.ts";
import type { ParsedSignature, SignedRequestInput } from "./request.ts";
import type { SigningRules } from "./rules.ts";
import { EncodingError } from "./uri-encoding.ts";

/** The headers and what else of a signature the canonical request needs. */
export type CanonicalParts = Pick<ParsedSignature, "signedHeaders" | "signedHeaderList">;

const withoutSignature: ReadonlySet<string> = new Set(["X-Amz-Signature"]);
const withoutSignatureAndToken: ReadonlySet<string> = new Set(["X-Amz-Signature", "X-Amz-Security-Token"]);

/**
 * The canonical request (AWS "Create a signed AWS API request", step 1), a byte string.
 * @param payloadHash the last line: a hash in hex, or S3's word for an unsigned or streamed payload
 * @throws Fault SignatureDoesNotMatch where a signed header was not sent, or the request cannot be encoded
 */
export function canonicalRequest(
  request: Omit<SignedRequestInput, "bodyHash">,
  parts: CanonicalParts,
  rules: SigningRules,
  payloadHash: string,
): string {
  const headerLines = canonicalLines(request.headers, parts.signedHeaderList, parts.signedHeaders);
  // AWS's verifiers would sign the empty value; a header that was promised and is gone has been tampered with.
  if (headerLines === null) throw signatureDoesNotMatch();
  const text = `${request.method}\n${encodedTarget(request, rules)}\n${headerLines}\n${parts.signedHeaderList}\n${payloadHash}`;
  if (notBytes.test(text)) throw signatureDoesNotMatch();
  return text;
}

const notBytes = /[^\0-\xff]/;

function encodedTarget(request: Omit<SignedRequestInput, "bodyHash">, rules: SigningRules): string {
  try {
    const path = canonicalPath(request.path, rules);
    if (request.query === "") return `${path}\n`;
    const leaveOut = rules.securityToken === "signed" ? withoutSignature : withoutSignatureAndToken;
    return `${path}\n${canonicalQuery(queryParameters(request.query), leaveOut)}`;
  } catch (cause) {
    if (cause instanceof EncodingError) throw signatureDoesNotMatch(undefined, { cause });
    throw cause;
  }
}

/** The string to sign (step 3). @param credentialScope date/region/service/aws4_request */
export function stringToSign(timestamp: string, credentialScope: string, canonical: string): string {
  return `${algorithm}\n${timestamp}\n${credentialScope}\n${sha256Hex(canonical)}`;
}

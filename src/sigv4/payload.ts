import { Fault } from "../contracts/fault.ts";
import { canonicalHeader } from "./canonical-headers.ts";
import { queryParameters } from "./canonical-query.ts";
import type { ParsedSignature, SignedRequestInput } from "./request.ts";
import type { SigningRules } from "./rules.ts";

/**
 * What a signature says about the body: its hash, nothing, or that it comes in chunks to be checked one by one
 * (Amazon S3 "Authenticating Requests: payload").
 */
export type PayloadKind = "signed" | "unsigned" | "chunked" | "chunked-trailer" | "unsigned-trailer";

export interface Payload {
  readonly kind: PayloadKind;
  /** The last line of the canonical request. */
  readonly hash: string;
}

const words: ReadonlyMap<string, PayloadKind> = new Map([
  ["UNSIGNED-PAYLOAD", "unsigned"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "chunked"],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "chunked-trailer"],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "unsigned-trailer"],
]);

/**
 * @throws Fault InvalidRequest where S3's header is missing or not understood, XAmzContentSHA256Mismatch where it is
 *   not the hash of the body (S3's own codes)
 */
export function payloadOf(parsed: ParsedSignature, request: SignedRequestInput, rules: SigningRules): Payload {
  if (rules.payload === "body") return { kind: "signed", hash: request.bodyHash() };
  const claim = claimedHash(parsed, request);
  const kind = words.get(claim);
  if (kind !== undefined) return { kind, hash: claim };
  if (!/^[0-9a-f]{64}$/.test(claim)) {
    throw new Fault(
      "InvalidRequest",
      400,
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.",
    );
  }
  if (request.bodyHash() !== claim) {
    throw new Fault(
      "XAmzContentSHA256Mismatch",
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  return { kind: "signed", hash: claim };
}

function claimedHash(parsed: ParsedSignature, request: SignedRequestInput): string {
  const header = canonicalHeader(request.headers, "x-amz-content-sha256");
  if (header !== null) return header;
  if (parsed.form === "query") {
    const parameter = queryParameters(request.query).find(({ name }) => name.toLowerCase() === "x-amz-content-sha256");
    return parameter?.value ?? "UNSIGNED-PAYLOAD";
  }
  throw new Fault("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
}

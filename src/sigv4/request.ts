/**
 * What signature verification sees of a request, and what it reads out of one.
 *
 * All text here is a *byte string*: one character a byte (0–255), as node:http delivers paths and headers (latin1).
 * A character above U+00FF is refused, because cutting it to a byte would let two different texts share a signature.
 */
export interface SignedRequestInput {
  readonly method: string;
  /** The path as it stood on the request line, still percent-encoded, without the query. */
  readonly path: string;
  /** The raw query without its question mark; empty when there is none. */
  readonly query: string;
  /** name, value, name, value … in order of arrival (node's `rawHeaders`). */
  readonly headers: readonly string[];
  /** SHA-256 of the body as received, 64 lower-case hex digits. Called only when the signature itself is checked. */
  readonly bodyHash: () => string;
}

export interface CredentialScope {
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What a signed request claims about itself. Nothing of it is proven before `verifySignature`. */
export interface ParsedSignature {
  readonly form: "header" | "query";
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  /** The last element of the credential; `checkScope` holds it to `aws4_request`. */
  readonly terminator: string;
  /** accessKeyId/date/region/service/terminator, as sent. */
  readonly credential: string;
  /** Lower case, strictly ascending. */
  readonly signedHeaders: readonly string[];
  /** The list as it enters the canonical request: names joined by semicolons. */
  readonly signedHeaderList: string;
  /** As sent; not yet known to be 64 hex digits. */
  readonly signature: string;
  /** ISO 8601 basic, YYYYMMDDTHHMMSSZ: the form that is signed. */
  readonly timestamp: string;
  /** The same instant in milliseconds since the epoch. */
  readonly time: number;
  readonly securityToken?: string;
  /** Query form only: X-Amz-Expires in seconds, 1–604800. */
  readonly expires?: number;
}

/** The only algorithm of this room. */
export const algorithm = "AWS4-HMAC-SHA256";
/** The last element of every credential scope. */
export const scopeTerminator = "aws4_request";

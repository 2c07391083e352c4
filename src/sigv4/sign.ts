import { canonicalRequest, stringToSign } from "./canonical-request.ts";
import type { SignedRequestInput } from "./request.ts";
import { algorithm, scopeTerminator } from "./request.ts";
import type { SigningRules } from "./rules.ts";
import { signingRules } from "./rules.ts";
import { deriveSigningKey } from "./signing-key.ts";
import { formatTimestamp } from "./timestamp.ts";

/** The signing side, for our own clients. */

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningTarget {
  readonly region: string;
  readonly service: string;
}

export interface SigningOptions {
  /** Instead of the rules of the target's service. */
  readonly rules?: SigningRules;
}

// What proxies and HTTP libraries change on the way, and what is the signature itself; the list of the AWS SDKs.
const neverSigned: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);

/**
 * Signs a request for the Authorization header.
 * @param request with a Host header; every header of it is signed but those that travel changes
 * @param time milliseconds since the epoch
 * @returns the headers to add: X-Amz-Date, X-Amz-Security-Token for temporary credentials, X-Amz-Content-Sha256 for S3,
 *   Authorization
 */
export function sign(
  request: SignedRequestInput,
  credentials: SigningCredentials,
  target: SigningTarget,
  time: number,
  options: SigningOptions = {},
): Record<string, string> {
  const rules = options.rules ?? signingRules(target.service);
  const timestamp = formatTimestamp(time);
  const payloadHash = request.bodyHash();
  const added: Record<string, string> = { "X-Amz-Date": timestamp };
  if (credentials.sessionToken !== undefined && rules.securityToken === "signed") {
    added["X-Amz-Security-Token"] = credentials.sessionToken;
  }
  if (rules.payload === "s3") added["X-Amz-Content-Sha256"] = payloadHash;
  const headers = [...request.headers, ...Object.entries(added).flat()];
  const signedHeaders = namesToSign(headers);
  const scope = scopeText(target, timestamp);
  const signature = signatureOf({ ...request, headers }, signedHeaders, rules, payloadHash, {
    credentials,
    target,
    timestamp,
  });
  if (credentials.sessionToken !== undefined) added["X-Amz-Security-Token"] = credentials.sessionToken;
  added["Authorization"] =
    `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return added;
}

function namesToSign(headers: readonly string[]): string[] {
  const names = new Set<string>();
  for (let index = 0; index < headers.length; index += 2) names.add(headers[index]!.toLowerCase());
  return [...names].filter((name) => !neverSigned.has(name)).sort();
}

function scopeText(target: SigningTarget, timestamp: string): string {
  return `${timestamp.slice(0, 8)}/${target.region}/${target.service}/${scopeTerminator}`;
}

function signatureOf(
  request: SignedRequestInput,
  signedHeaders: readonly string[],
  rules: SigningRules,
  payloadHash: string,
  by: {
    readonly credentials: SigningCredentials;
    readonly target: SigningTarget;
    readonly timestamp: string;
  },
): string {
  const parts = { signedHeaders, signedHeaderList: signedHeaders.join(";") };
  const canonical = canonicalRequest(request, parts, rules, payloadHash);
  const text = stringToSign(by.timestamp, scopeText(by.target, by.timestamp), canonical);
  const key = deriveSigningKey(by.credentials.secretAccessKey, {
    date: by.timestamp.slice(0, 8),
    ...by.target,
  });
  return key.sign(text).toString("hex");
}

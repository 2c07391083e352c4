import { canonicalRequest, stringToSign } from "../../src/sigv4/canonical-request.ts";
import { algorithm, scopeTerminator } from "../../src/sigv4/request.ts";
import type { SignedRequestInput } from "../../src/sigv4/request.ts";
import { signingRules } from "../../src/sigv4/rules.ts";
import type { SigningCredentials, SigningOptions, SigningTarget } from "../../src/sigv4/sign.ts";
import { deriveSigningKey } from "../../src/sigv4/signing-key.ts";
import { formatTimestamp } from "../../src/sigv4/timestamp.ts";

/**
 * Signs a request into its query, which nothing in rolecall does itself.
 * @param request with a Host header; all its headers are signed and must be sent along
 * @param expiresSeconds 1–604800
 * @returns the whole raw query, with what was there before
 */
export function presign(
  request: SignedRequestInput,
  credentials: SigningCredentials,
  { region, service }: SigningTarget,
  time: number,
  expiresSeconds: number,
  options: SigningOptions = {},
): string {
  const rules = options.rules ?? signingRules(service);
  const timestamp = formatTimestamp(time);
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/${service}/${scopeTerminator}`;
  const names = request.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const signedHeaders = [...new Set(names)].sort();
  const parameters: [string, string][] = [
    ["X-Amz-Algorithm", algorithm],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${scope}`],
    ["X-Amz-Date", timestamp],
    ["X-Amz-SignedHeaders", signedHeaders.join(";")],
    ["X-Amz-Expires", String(expiresSeconds)],
  ];
  if (credentials.sessionToken !== undefined) parameters.push(["X-Amz-Security-Token", credentials.sessionToken]);
  const added = parameters.map(([name, value]) => `${name}=${encoded(value)}`).join("&");
  const query = request.query === "" ? added : `${request.query}&${added}`;
  const payloadHash = rules.payload === "s3" ? "UNSIGNED-PAYLOAD" : request.bodyHash();
  const parts = { signedHeaders, signedHeaderList: signedHeaders.join(";") };
  const text = stringToSign(timestamp, scope, canonicalRequest({ ...request, query }, parts, rules, payloadHash));
  const key = deriveSigningKey(credentials.secretAccessKey, { date, region, service });
  return `${query}&X-Amz-Signature=${key.sign(text).toString("hex")}`;
}

/** RFC 3986: encodeURIComponent leaves five characters more as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

import { requestExpired, signatureDoesNotMatch } from "./faults.ts";
import { scopeTerminator } from "./request.ts";
import type { ParsedSignature } from "./request.ts";
import type { SigningRules } from "./rules.ts";
import { formatTimestamp } from "./timestamp.ts";

/** The checks that need no key: the credential scope (before the key is looked up) and the time (after). */

export interface ScopePolicy {
  /** The service that the request reached. */
  readonly service: string;
  /** STS and IAM take every well-formed region; a list restricts. */
  readonly regions: "any" | ReadonlySet<string>;
}

const regionForm = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Holds the credential scope to the service that was reached. AWS names everything that is wrong at once; the sentences
 * on region and service carry a space behind them on the wire.
 * @throws Fault SignatureDoesNotMatch
 */
export function checkScope(parsed: ParsedSignature, policy: ScopePolicy): void {
  const { scope } = parsed;
  const region = policy.regions === "any" ? regionForm.test(scope.region) : policy.regions.has(scope.region);
  const service = scope.service === policy.service;
  const terminator = parsed.terminator === scopeTerminator;
  const date = scope.date === parsed.timestamp.slice(0, 8);
  if (region && service && terminator && date) return;
  let message = "";
  if (!region) message += "Credential should be scoped to a valid region. ";
  if (!service) message += `Credential should be scoped to correct service: '${policy.service}'. `;
  if (!terminator) message += "Credential should be scoped with a valid terminator: 'aws4_request'.";
  if (!terminator && !date) message += " ";
  if (!date) {
    message += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
  }
  throw signatureDoesNotMatch(message);
}

/**
 * Whether the request is of now.
 * @param now milliseconds since the epoch
 * @param skewMs how far the client's clock may be off, either way
 * @throws Fault SignatureDoesNotMatch outside the window, RequestExpired where X-Amz-Expires has passed
 */
export function checkTime(
  parsed: ParsedSignature,
  now: number,
  skewMs: number,
  rules: Pick<SigningRules, "presignedLife">,
): void {
  if (parsed.time > now + skewMs) {
    throw signatureDoesNotMatch(
      `Signature not yet current: ${parsed.timestamp} is still later than ${window(now, skewMs, "+")}`,
    );
  }
  const byParameter = parsed.form === "query" && rules.presignedLife === "parameter";
  if (!byParameter && parsed.time < now - skewMs) {
    throw signatureDoesNotMatch(
      `Signature expired: ${parsed.timestamp} is now earlier than ${window(now, skewMs, "-")}`,
    );
  }
  if (parsed.form !== "query" || rules.presignedLife === "window") return;
  if (parsed.expires === undefined) {
    // Without an end the parameter's own service would accept it for ever.
    if (byParameter) throw requestExpired();
    return;
  }
  if (now > parsed.time + parsed.expires * 1000) throw requestExpired();
}

/** `20150830T124600Z (20150830T125100Z - 5 min.)` */
function window(now: number, skewMs: number, sign: "+" | "-"): string {
  const edge = sign === "+" ? now + skewMs : now - skewMs;
  return `${formatTimestamp(edge)} (${formatTimestamp(now)} ${sign} ${skewMs / 60_000} min.)`;
}

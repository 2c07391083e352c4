import type { OperationContext } from "../../../operation/context.ts";
import { iamFault, invalidInput, validationError } from "../entity/faults.ts";

/** RFC 3986, section 3.3: what a path is written with. */
const path = String.raw`(?:/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)?`;
/** A name of RFC 1123, or an address of version 4. */
const host = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?`;
const form = new RegExp(String.raw`^(?<host>${host})(?<port>:\d{1,5})?(?<path>${path})$`);

const scheme = "https://";

/** The part of an issuer's URL that stands in its provider's ARN, of whatever form the URL is: for the requirement. */
export function nameInUrl(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/^([^/]*):443(?=\/|$)/, "$1");
}

/**
 * The name of the provider for an issuer's URL: the URL without its scheme. Case and a slash at the end count, the usual
 * port is left out (observed on AWS, September 2026, radkawar/stackd captures).
 *
 * The refusals: without a scheme or host, recorded from AWS (LocalStack snapshots, 2026); with a query or fragment, which
 * have no message, observed on AWS, September 2026; all others after the tests of versitygw, which are made after AWS.
 * Another port than 443 is refused by AWS too; here it is where the setting `compatibility` is `aws`, because what people
 * run themselves is at `https://localhost:8443/realms/x`.
 *
 * @throws Fault ValidationError, InvalidInput
 */
export function providerName(url: string, { environment }: OperationContext): string {
  if (url.startsWith("http://")) {
    throw invalidInput("Invalid Open ID Connect Provider URL. The URL must begin with https://.");
  }
  const rest = url.slice(scheme.length);
  if (!url.startsWith(scheme) || rest === "") throw validationError("Invalid Open ID Connect Provider URL");
  if (/[?#]/.test(rest)) throw iamFault("InvalidInput");
  const parts = form.exec(rest)?.groups;
  const port = Number(parts?.["port"]?.slice(1) ?? 443);
  const isAnyPort = environment.compatibility !== "aws" && port > 0 && port < 65_536;
  if (parts === undefined || (port !== 443 && !isAnyPort)) {
    throw invalidInput("Invalid Open ID Connect Provider URL.");
  }
  return `${parts["host"]!}${port === 443 ? "" : `:${port}`}${parts["path"]!}`;
}

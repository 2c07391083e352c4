import { LRUCache } from "lru-cache";
import { ownText } from "../text/own-text.ts";
import type { Fault } from "../contracts/fault.ts";
import { named } from "../text/shorten.ts";
import { canonicalHeader } from "./canonical-headers.ts";
import {
  incompleteAuthorization,
  incompleteSignature,
  missingAuthenticationToken,
  mustBeSigned,
  signatureDoesNotMatch,
} from "./faults.ts";
import { layoutOf, longestKeptList } from "./header-layout.ts";
import { parseAuthorizationHeader } from "./parse-header.ts";
import type { AuthorizationParameters } from "./parse-header.ts";
import { parseSignatureQuery } from "./parse-query.ts";
import type { SignatureQuery } from "./parse-query.ts";
import type { ParsedSignature, SignedRequestInput } from "./request.ts";
import { parseHttpDate, parseTimestamp } from "./timestamp.ts";
import type { Timestamp } from "./timestamp.ts";

/**
 * Reads the signature of a request out of its Authorization header or its query. Checks form only; the order of what
 * follows is AWS's: `checkScope` → key and token (the caller) → `checkTime` → `verifySignature`.
 * @throws Fault MissingAuthenticationToken for an unsigned request, IncompleteSignature for one that cannot be read,
 *   SignatureDoesNotMatch where the header list is not canonical or leaves out the host
 */
export function parseAuthorization(request: Omit<SignedRequestInput, "bodyHash">): ParsedSignature {
  const authorization = soleHeader(request.headers, "authorization");
  const inQuery = parseSignatureQuery(request.query);
  if (authorization === undefined || authorization === "") {
    if (inQuery === null) throw missingAuthenticationToken();
    return parseQueryForm(request.headers, inQuery);
  }
  if (inQuery !== null) {
    throw signatureDoesNotMatch(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  return parseHeaderForm(request, authorization);
}

function parseHeaderForm(request: Omit<SignedRequestInput, "bodyHash">, authorization: string): ParsedSignature {
  const amzDate = soleHeader(request.headers, "x-amz-date");
  const httpDate = amzDate === undefined ? soleHeader(request.headers, "date") : undefined;
  const { complaints, parameters } = parseAuthorizationHeader(authorization);
  if (amzDate === undefined && httpDate === undefined) {
    complaints.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (complaints.length > 0) throw incompleteAuthorization(complaints, authorization);
  const at = amzDate === undefined ? parseHttpDate(httpDate!) : parseTimestamp(amzDate);
  const token = soleHeader(request.headers, "x-amz-security-token");
  return assemble("header", parameters, at, token === undefined ? {} : { securityToken: token });
}

function parseQueryForm(headers: readonly string[], parameters: SignatureQuery): ParsedSignature {
  // The token of a presigned request is a parameter; a second one beside it would leave open which of them counts.
  if (canonicalHeader(headers, "x-amz-security-token") !== null) {
    throw incompleteSignature("A presigned request carries X-Amz-Security-Token as a query-string parameter.");
  }
  return assemble("query", parameters, parseTimestamp(parameters.date), {
    ...(parameters.securityToken === undefined ? {} : { securityToken: parameters.securityToken }),
    ...(parameters.expires === undefined ? {} : { expires: parameters.expires }),
  });
}

function assemble(
  form: "header" | "query",
  parameters: AuthorizationParameters,
  at: Timestamp,
  extra: Pick<ParsedSignature, "securityToken" | "expires">,
): ParsedSignature {
  const elements = parameters.credential.split("/");
  if (elements.length !== 5) {
    throw incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${named(parameters.credential)}'`,
    );
  }
  const [accessKeyId, date, region, service, terminator] = elements as [string, string, string, string, string];
  return {
    form,
    accessKeyId,
    scope: { date, region, service },
    terminator,
    credential: parameters.credential,
    signedHeaders: signedHeaderNames(parameters.signedHeaders),
    signedHeaderList: parameters.signedHeaders,
    signature: parameters.signature,
    timestamp: at.text,
    time: at.time,
    ...extra,
  };
}

const headerName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/**
 * AWS defines the list as lower-case and sorted, and builds the canonical request from it; another order or case could
 * only match by accident. `host` must be in it: it is what ties a signature to this server.
 */
function signedHeaderNames(list: string): readonly string[] {
  const known = headerLists.get(list);
  if (known !== undefined) return known;
  const names = list.split(";");
  if (!names.some((name) => name.toLowerCase() === "host")) throw mustBeSigned("'Host' or ':authority'");
  for (let index = 0; index < names.length; index++) {
    if (!headerName.test(names[index]!)) throw signatureDoesNotMatch();
    if (index > 0 && names[index]! <= names[index - 1]!) throw signatureDoesNotMatch();
  }
  if (list.length > longestKeptList) return names;
  const own = ownText(list);
  const kept = own.split(";");
  headerLists.set(own, kept);
  return kept;
}

/** Lists that were found good: a client's requests all carry the same few. */
const headerLists = new LRUCache<string, readonly string[]>({ max: 256 });

/** The value of a header that must not be repeated. */
function soleHeader(headers: readonly string[], name: string): string | undefined {
  const places = layoutOf(headers).placesOf(name);
  if (places.length > 1) throw repeated(name);
  return places.length === 0 ? undefined : headers[places[0]!]!.trim();
}

function repeated(name: string): Fault {
  return incompleteSignature(`The header '${named(name)}' must not be repeated.`);
}

import { named } from "../text/shorten.ts";
import { queryParameters } from "./canonical-query.ts";
import type { QueryParameter } from "./canonical-query.ts";
import { incompleteSignature, malformedQueryString, unknownQueryAlgorithm } from "./faults.ts";
import type { AuthorizationParameters } from "./parse-header.ts";
import { algorithm } from "./request.ts";
import { decodeCanonical, EncodingError } from "./uri-encoding.ts";

export interface SignatureQuery extends AuthorizationParameters {
  /** X-Amz-Date, not yet parsed. */
  readonly date: string;
  readonly securityToken?: string;
  /** Seconds. */
  readonly expires?: number;
}

const once = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Security-Token",
];

/**
 * Reads the parameters of a presigned request; null where the query does not claim to be one.
 * @throws Fault MissingAuthenticationToken for an algorithm that is not ours, IncompleteSignature for what is missing,
 *   repeated or not a number
 */
export function parseSignatureQuery(query: string): SignatureQuery | null {
  // Spares an ordinary query the decoding; at least the signature itself is always spelt so.
  if (!query.includes("X-Amz-")) return null;
  const parameters = read(query);
  if (!parameters.some(({ name }) => name === "X-Amz-Algorithm")) return null;
  const given = new Map<string, string>();
  for (const parameter of parameters) {
    if (!once.includes(parameter.name)) continue;
    // Which of two counts is a matter of taste, and tastes differ along the way: refuse.
    if (given.has(parameter.name)) {
      throw reexamine([`AWS query-string parameters must include '${named(parameter.name)}' only once.`]);
    }
    given.set(parameter.name, decodeCanonical(parameter.value));
  }
  if (given.get("X-Amz-Algorithm") !== algorithm) throw unknownQueryAlgorithm();
  const missing = once.slice(1, 5).filter((name) => !given.get(name));
  if (missing.length > 0) {
    throw reexamine(missing.map((name) => `AWS query-string parameters must include '${name}'.`));
  }
  const securityToken = given.get("X-Amz-Security-Token");
  const expires = given.get("X-Amz-Expires");
  return {
    credential: given.get("X-Amz-Credential")!,
    signature: given.get("X-Amz-Signature")!,
    signedHeaders: given.get("X-Amz-SignedHeaders")!,
    date: given.get("X-Amz-Date")!,
    ...(securityToken === undefined ? {} : { securityToken }),
    ...(expires === undefined ? {} : { expires: parseExpires(expires) }),
  };
}

function read(query: string): readonly QueryParameter[] {
  try {
    return queryParameters(query);
  } catch (cause) {
    if (cause instanceof EncodingError) throw malformedQueryString();
    throw cause;
  }
}

/** Seven days: the longest life of a presigned request. */
export const longestExpiresSeconds = 604_800;

function parseExpires(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > longestExpiresSeconds) {
    throw reexamine([`X-Amz-Expires must be a number of seconds from 1 to ${longestExpiresSeconds}.`]);
  }
  return seconds;
}

function reexamine(sentences: readonly string[]) {
  return incompleteSignature(`${sentences.join(" ")} Re-examine the query-string parameters.`);
}

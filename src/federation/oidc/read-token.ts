import { decodeJwt, decodeProtectedHeader } from "jose";
import { readJson } from "../../json/read.ts";
import type { Checks } from "../checks.ts";
import { notAJwt } from "./token-faults.ts";

/** What a token says, by the names of its members. */
export type Claims = Readonly<Record<string, unknown>>;

/** A JSON Web Token as it was read: nothing of it is verified. */
export interface ReadToken {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly claims: Claims;
  /** The bytes that the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** A signed token in compact form (RFC 7515, section 3.1). That of one with the algorithm `none` has no third part. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Reads a token; its length is limited by the contract. Space around it is no part of it: clients send token files as they
 * are, with the line end.
 *
 * Of two members of one name AWS takes the last, whoever reads the first sees another token: refused unless `repeated`
 * are allowed.
 *
 * @throws Fault InvalidIdentityToken
 */
export function readToken(text: string, repeated: "refused" | "allowed", checks: Checks): ReadToken {
  const token = text.trim();
  checks.require(compact.test(token), formOf(token), notAJwt);
  const [header, payload, signature] = token.split(".") as [string, string, string];
  const { alg, kid, crit } = parsed("header", header, repeated, checks, () => decodeProtectedHeader(token)) as Claims;
  const claims = parsed("claims", payload, repeated, checks, () => decodeJwt(token)) as Claims;
  const isKnown = typeof alg === "string" && (kid === undefined || typeof kid === "string");
  checks.require(isKnown, { name: "header", wanted: "alg and kid that are text" }, notAJwt);
  // What must be understood (RFC 7515, section 4.1.11): nothing is.
  const extensions = {
    name: "critical header",
    wanted: "none",
    seen: crit === undefined ? "none" : JSON.stringify(crit),
  };
  checks.require(crit === undefined, extensions, notAJwt);
  return {
    algorithm: alg as string,
    keyId: kid as string | undefined,
    claims,
    signed: Buffer.from(token.slice(0, header.length + 1 + payload.length), "latin1"),
    signature: Buffer.from(signature, "base64url"),
  };
}

function formOf(token: string) {
  const parts = token.split(".", 7).length;
  return {
    name: "form",
    wanted: "a signed JWT: three parts in base64url with dots between",
    seen: parts === 5 ? "five parts: an encrypted token" : parts === 1 ? "one part: an opaque token" : `${parts} parts`,
    advice: "send the ID token, not the access token",
  };
}

function parsed(
  name: string,
  part: string,
  repeated: "refused" | "allowed",
  checks: Checks,
  parse: () => unknown,
): unknown {
  const wanted = repeated === "refused" ? "a JSON object with no member twice" : "a JSON object";
  try {
    const value = parse();
    if (repeated === "refused") readJson(utf8.decode(Buffer.from(part, "base64url")));
    return value;
  } catch (error) {
    return checks.refuse({ name, wanted, seen: (error as Error).message }, notAJwt());
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

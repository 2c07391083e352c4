/** Tokens as issuers sign them, and as attackers would: every part can be something else. */
import { createHmac, sign } from "node:crypto";
import { algs } from "../../src/federation/oidc/alg.ts";
import type { Alg } from "../../src/federation/oidc/alg.ts";
import { publicJwk, signingKey } from "./oidc-issuer.ts";
import type { SigningKey } from "./oidc-issuer.ts";

export type IssuerKeyring = Readonly<Record<Alg, SigningKey>>;

/** Keys of an issuer, each with its algorithm for a kid; those of RSA are one, for making it takes long. */
export function keyring(): IssuerKeyring {
  const rsa = signingKey("RS256", "RS256");
  const own = (alg: Alg): SigningKey => (alg.startsWith("RS") ? { ...rsa, alg, kid: alg } : signingKey(alg, alg));
  return Object.fromEntries(algs.map((alg) => [alg, own(alg)])) as Record<Alg, SigningKey>;
}

/** What a case says of a token; what it leaves out is as an issuer would have it. */
export interface TokenCase {
  /** Members of the header and claims; null is null, and `$without` names what is left out. */
  readonly header?: object;
  readonly claims?: object;
  readonly without?: readonly string[];
  /** JSON text behind the claims' last member, or the header's. */
  readonly moreClaims?: string;
  readonly moreHeader?: string;
  /** Which key signs, and by which algorithm. */
  readonly alg?: Alg;
  /** How the signature is made where no issuer's key makes it. */
  readonly signedBy?:
    | "nobody"
    | "its public key"
    | "another key"
    | "the key in the header"
    | "a changed payload"
    | "PS256";
  /** The whole text in place of a token. */
  readonly text?: string;
  /** Behind or before the token. */
  readonly before?: string;
  readonly after?: string;
}

const base64url = (text: string | Buffer): string => Buffer.from(text).toString("base64url");

function jsonText(members: object, more: string | undefined): string {
  const text = JSON.stringify(members);
  return more === undefined ? text : `${text.slice(0, -1)},${more}}`;
}

/** `{"$now": 300}` is that many seconds from now, `{"$nowText": 300}` the same as a text. @param now in seconds */
export function atTime(value: unknown, now: number): unknown {
  if (Array.isArray(value)) return value.map((item) => atTime(item, now));
  if (value === null || typeof value !== "object") return value;
  if ("$now" in value) return now + (value.$now as number);
  if ("$nowText" in value) return String(now + (value.$nowText as number));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, atTime(member, now)]));
}

export interface TokenMaker {
  readonly issuer: string;
  readonly keys: IssuerKeyring;
  /** Of somebody else. */
  readonly stranger: SigningKey;
}

/** @param now in seconds */
export function signedToken(wanted: TokenCase, { issuer, keys, stranger }: TokenMaker, now: number): string {
  if (wanted.text !== undefined) return wanted.text;
  const { alg = "RS256", signedBy } = wanted;
  const key = keys[alg];
  const standard = { alg, kid: key.kid, typ: "JWT" };
  const embedded = signedBy === "the key in the header" ? { jwk: publicJwk({ ...stranger, kid: key.kid }) } : {};
  const header = without({ ...standard, ...embedded, ...wanted.header }, wanted.without);
  const usual = { iss: issuer, aud: "client-a", sub: "subject-probe", iat: now - 10, exp: now + 900 };
  const claims = without({ ...usual, ...(atTime(wanted.claims ?? {}, now) as object) }, wanted.without);
  const head = base64url(jsonText(header, wanted.moreHeader));
  const signed = `${head}.${base64url(jsonText(claims, wanted.moreClaims))}`;
  const signature = signatureOf(signed, wanted, key, stranger);
  const shown =
    signedBy === "a changed payload"
      ? `${head}.${base64url(jsonText({ ...claims, sub: "admin" }, undefined))}`
      : signed;
  return `${wanted.before ?? ""}${shown}.${base64url(signature)}${wanted.after ?? ""}`;
}

function without(members: Record<string, unknown>, names: readonly string[] = []): object {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

function signatureOf(
  text: string,
  { alg = "RS256", signedBy }: TokenCase,
  key: SigningKey,
  stranger: SigningKey,
): Buffer {
  const bytes = Buffer.from(text);
  const hash = `sha${alg.slice(2)}`;
  switch (signedBy) {
    case "nobody":
      return Buffer.alloc(0);
    case "its public key":
      return createHmac("sha256", key.publicKey.export({ type: "spki", format: "pem" }))
        .update(bytes)
        .digest();
    case "another key":
    case "the key in the header":
      return sign(hash, bytes, { key: stranger.privateKey, dsaEncoding: "ieee-p1363" });
    case "PS256":
      return sign(hash, bytes, { key: key.privateKey, padding: 6, saltLength: 32 });
    default:
      return sign(hash, bytes, { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  }
}

/** Which keys of an issuer a token may be verified with (test/cases/oidc/key-sets.jsonl). */
import type { KeyObject } from "node:crypto";
import { expect, it, test } from "vitest";
import { readJson } from "../../../src/json/read.ts";
import type { Alg } from "../../../src/federation/oidc/alg.ts";
import { acceptKeys } from "../../../src/federation/oidc/given-keys.ts";
import { KeySet } from "../../../src/federation/oidc/key-set.ts";
import { casesIn } from "../../harness/cases.ts";
import { certificateOf, publicJwk, signingKey } from "../../harness/oidc-issuer.ts";
import type { SigningKey } from "../../harness/oidc-issuer.ts";

interface Case {
  readonly name: string;
  /** Made of the keys of this file by `of`, with other members; null takes one away. */
  readonly keys: readonly ({ readonly of: string; readonly times?: number } & Record<string, unknown>)[];
  readonly token: { readonly kid?: string; readonly alg: Alg };
  /** The key that is found, or a part of the sentence that says why there is none. */
  readonly found?: string;
  readonly missing?: string;
}

const made = new Map<string, SigningKey>();
const algOf = (name: string): string => (name.startsWith("rsa") ? "RS256" : `ES${name.slice(1, 4)}`);

function keyOf(name: string): SigningKey {
  const key = made.get(name) ?? signingKey(name, algOf(name));
  made.set(name, key);
  return key;
}

function jwksOf(keys: Case["keys"]): string {
  const jwks = keys.flatMap(({ of: name, times = 1, ...more }) =>
    Array.from({ length: times }, (_, index) => jwkOf(name, times === 1 ? {} : { kid: `${name}-${index}` }, more)),
  );
  return JSON.stringify({ keys: jwks });
}

function jwkOf(name: string, numbered: object, more: Record<string, unknown>): object {
  const jwk: Record<string, unknown> = { ...publicJwk(keyOf(name)), ...numbered, ...more };
  if (typeof jwk["x5c"] === "string") jwk["x5c"] = [certificateOf(keyOf(jwk["x5c"]))];
  return Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== null));
}

function setOf(text: string): KeySet {
  const json = readJson(text);
  if (json.kind !== "object" || json.members[0]?.value.kind !== "array") throw new Error("not a set");
  return new KeySet(json.members[0].value.items);
}

const nameOf = (found: KeyObject): string | undefined =>
  [...made].find(([, { publicKey }]) => publicKey.equals(found))?.[0];

it.each(casesIn<Case>("oidc/key-sets.jsonl"))("$name", ({ keys, token, found, missing }) => {
  const answer = setOf(jwksOf(keys)).find({ kid: token.kid, alg: token.alg });
  if (missing === undefined) expect(typeof answer === "string" ? answer : nameOf(answer)).toBe(found);
  else expect(answer).toContain(missing);
});

test("what is given for an issuer is kept as the keys alone, and what is not used is told", () => {
  const text = jwksOf([
    { of: "e256-a", x5t: "more" },
    { of: "rsa-a", use: "enc" },
    { of: "e384-a", kid: null },
  ]);
  const { x, y } = publicJwk(keyOf("e256-a"));
  expect(acceptKeys(text)).toMatchObject({
    text: JSON.stringify({ keys: [{ kid: "e256-a", use: "sig", kty: "EC", crv: "P-256", x, y }] }),
    keys: [{ kid: "e256-a" }],
    unused: [{ kid: "rsa-a", why: "is not for signatures (use)" }],
  });
  const kept = acceptKeys(text);
  expect(typeof kept === "string" ? kept : acceptKeys(kept.text)).toMatchObject({ unused: [] });
});

it.each([
  ["no JSON", "keys", "no JWK Set"],
  ["a list", "[]", "no JWK Set"],
  ["no list of keys", '{"keys": {}}', "no JWK Set"],
  ["no key", '{"keys": []}', "no RSA or EC key"],
  ["a member twice", '{"keys": [], "keys": []}', "no JWK Set"],
  ["nested too deeply", `{"keys": ${"[".repeat(100)}${"]".repeat(100)}}`, "no JWK Set"],
  ["none that can be used", jwksOf([{ of: "e256-a", key_ops: ["verify"] }]), "e256-a has key_ops"],
  ["too many of a type", jwksOf([{ of: "e256-a", times: 101 }]), "101 EC keys"],
])("what is given is refused: %s", (_, text, why) => expect(acceptKeys(text)).toContain(why));

import type { KeyObject } from "node:crypto";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { ownText } from "../../text/own-text.ts";
import { named } from "../../text/shorten.ts";
import type { Alg, KeyType } from "./alg.ts";
import { keyTypeOf } from "./alg.ts";
import { memberOf, textIn } from "./json-members.ts";
import { isFor, publicKeyOf } from "./public-key.ts";
import type { PublicJwk } from "./public-key.ts";

/** Keys of one type; with more of them none counts (observed on AWS, September 2026; STS API). */
const mostOfType = 100;

interface Keys {
  /** All that are said to be of the type, whatever else they are. */
  count: number;
  readonly byId: Map<string, PublicJwk>;
}

/** What a token says of the key that signed it. */
export interface WantedKey {
  readonly kid: string | undefined;
  readonly alg: Alg;
}

/**
 * The keys of an issuer, as a JWK Set gives them (RFC 7517 §5). Of each what AWS takes, and refuses: a key needs a kid; of
 * two with one kid the later counts; `alg` is not looked at; one for encryption is not used, nor one with `key_ops`; with
 * more than a hundred of one type none of it counts (observed on AWS, September 2026, radkawar/stackd captures). Not of
 * AWS: a key that is published with its private part proves nothing, and is not used.
 */
export class KeySet {
  readonly #keys: Readonly<Record<KeyType, Keys>> = {
    RSA: { count: 0, byId: new Map() },
    EC: { count: 0, byId: new Map() },
  };
  /** What was made of keys that were asked for: making one takes up to a millisecond. */
  readonly #made = new Map<PublicJwk, KeyObject | string>();
  /** Why other keys are not used, by kid. */
  readonly #unused = new Map<string, string>();

  /** @param keys the member `keys` of a JWK Set */
  constructor(keys: readonly JsonNode[]) {
    for (const node of keys) if (node.kind === "object") this.#add(node);
  }

  /** All that may be used. */
  get ids(): readonly string[] {
    return [...this.#keys.RSA.byId.keys(), ...this.#keys.EC.byId.keys()];
  }

  /** How many are said to be of a type that has too many of them; null where none has. */
  get excess(): { readonly type: KeyType; readonly count: number } | null {
    const type = (["RSA", "EC"] as const).find((one) => this.#keys[one].count > mostOfType);
    return type === undefined ? null : { type, count: this.#keys[type].count };
  }

  /** All that may be used, made, or why they are not used after all; and those that may not, by kid. */
  inspect(): readonly { readonly kid: string; readonly jwk: PublicJwk | null; readonly key: KeyObject | string }[] {
    const usable = [...this.of("RSA"), ...this.of("EC")];
    return [
      ...usable.map((jwk) => ({ kid: jwk.kid, jwk, key: this.#keyOf(jwk) })),
      ...Array.from(this.#unused, ([kid, key]) => ({ kid, jwk: null, key })),
    ];
  }

  /** Those of one type that may be used. */
  of(type: KeyType): readonly PublicJwk[] {
    return [...this.#keys[type].byId.values()];
  }

  /** That it takes to keep them, keys that are made of them included. */
  get bytes(): number {
    return [...this.of("RSA"), ...this.of("EC")].reduce((sum, jwk) => sum + bytesOf(jwk), 0);
  }

  /** The key that a token names; why there is none, as a sentence. */
  find({ kid, alg }: WantedKey): KeyObject | string {
    const type = keyTypeOf(alg);
    const { count, byId } = this.#keys[type];
    if (count > mostOfType) return `the issuer has ${count} ${type} keys: with more than ${mostOfType} none is used`;
    const jwk = kid === undefined ? this.#only(type) : byId.get(kid);
    if (jwk === undefined) return this.#missing(kid, type);
    const key = this.#keyOf(jwk);
    if (typeof key === "string") return `the key ${named(jwk.kid)} ${key}`;
    return isFor(alg, key) ? key : `the key ${named(jwk.kid)} is on another curve than ${alg} has`;
  }

  /** A token may leave out the kid where its issuer has one key alone. */
  #only(type: KeyType): PublicJwk | undefined {
    const { RSA, EC } = this.#keys;
    return RSA.byId.size + EC.byId.size === 1 ? this.of(type)[0] : undefined;
  }

  #missing(kid: string | undefined, type: KeyType): string {
    const ids = this.ids.slice(0, 5).map(named).join(", ");
    const known = this.ids.length === 0 ? "it has none that can be used" : `it has ${this.ids.length}: ${ids}`;
    if (kid === undefined) return `the token names no key, and the issuer has not one ${type} key alone: ${known}`;
    const why = this.#unused.get(kid);
    return why === undefined
      ? `the issuer has no ${type} key ${named(kid)}: ${known}`
      : `the key ${named(kid)} of the issuer ${why}`;
  }

  #keyOf(jwk: PublicJwk): KeyObject | string {
    const made = this.#made.get(jwk);
    if (made !== undefined) return made;
    const key = publicKeyOf(jwk);
    this.#made.set(jwk, key);
    return key;
  }

  #add(node: JsonObject): void {
    const type = textIn(node, "kty");
    if (type !== "RSA" && type !== "EC") return;
    const keys = this.#keys[type];
    keys.count++;
    const kid = textIn(node, "kid");
    // What is beyond the bound is counted alone.
    if (kid === undefined || kid === "" || keys.count > mostOfType) return;
    const jwk = jwkOf(node, kid, type);
    if (typeof jwk === "string") this.#unused.set(kid, jwk);
    else keys.byId.set(jwk.kid, jwk);
  }
}

/** Of a key as OpenSSL has it. */
const keyBytes = 2048;

function bytesOf({ kid, members, certificate = "" }: PublicJwk): number {
  return Object.values(members).reduce(
    (sum, value) => sum + 2 * value.length,
    keyBytes + 2 * (kid.length + certificate.length),
  );
}

const publicMembers = { RSA: ["n", "e"], EC: ["crv", "x", "y"] } as const;

/** Why it is not used, where it is not. */
function jwkOf(node: JsonObject, kid: string, type: KeyType): PublicJwk | string {
  const use = memberOf(node, "use");
  if (use !== undefined && textIn(node, "use") !== "sig") return "is not for signatures (use)";
  if (memberOf(node, "key_ops") !== undefined) return "has key_ops";
  if (memberOf(node, "d") !== undefined) return "is published with its private part";
  const members: Record<string, string> = { kty: type };
  for (const name of publicMembers[type]) {
    const value = textIn(node, name);
    if (value === undefined || !/^[A-Za-z0-9_-]+={0,2}$/.test(value)) return `has no good member ${name}`;
    // What is kept of a document is copied: a part of a text keeps all of it.
    members[name] = ownText(value);
  }
  const certificate = certificateIn(node);
  if (certificate === null) return "has a member x5c that is no list of certificates";
  return { kid: ownText(kid), members, ...(certificate === undefined ? {} : { certificate: ownText(certificate) }) };
}

/** The first of x5c; undefined where there is none, null for what is no such list. */
function certificateIn(node: JsonObject): string | null | undefined {
  const chain = memberOf(node, "x5c");
  if (chain === undefined) return undefined;
  if (chain.kind !== "array") return null;
  const [first] = chain.items;
  if (first === undefined) return undefined;
  return first.kind === "string" ? first.value : null;
}

import type { KeyObject } from "node:crypto";
import { readJson } from "../../json/read.ts";
import type { JsonNode } from "../../json/read.ts";
import { SizedCache } from "../../store/sql/cache/sized-cache.ts";
import { named } from "../../text/shorten.ts";
import { memberOf } from "./json-members.ts";
import { KeySet } from "./key-set.ts";

/** Keys that an administrator has given for issuers that cannot be asked; remembered by their own text. */
export class GivenKeys {
  readonly #read: SizedCache<KeySet>;

  constructor(cacheBytes: number) {
    this.#read = new SizedCache(cacheBytes, ({ bytes }) => bytes);
  }

  /** @param text a JWK Set that was found good when it was given */
  of(text: string): KeySet {
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const keys = new KeySet(keysIn(text) ?? []);
    this.#read.set(text, keys);
    return keys;
  }
}

/** What of a JWK Set is good to be given for an issuer. */
export interface AcceptedKeys {
  /** A JWK Set of that, and of nothing else. */
  readonly text: string;
  readonly keys: readonly { readonly kid: string; readonly key: KeyObject }[];
  readonly unused: readonly { readonly kid: string; readonly why: string }[];
}

/** Reads what is given for an issuer; a sentence where nothing of it can be used. */
export function acceptKeys(text: string): AcceptedKeys | string {
  const nodes = keysIn(text);
  if (nodes === null) return 'it is no JWK Set: a JSON object with a list "keys"';
  const set = new KeySet(nodes);
  if (set.excess !== null) return `it has ${set.excess.count} ${set.excess.type} keys, and may have 100`;
  const keys = [];
  const jwks: object[] = [];
  const unused = [];
  for (const { kid, jwk, key } of set.inspect()) {
    if (typeof key === "string") unused.push({ kid, why: key });
    else {
      keys.push({ kid, key });
      jwks.push({ kid, use: "sig", ...jwk?.members });
    }
  }
  if (keys.length > 0) return { text: JSON.stringify({ keys: jwks }), keys, unused };
  const reasons = unused.slice(0, 3).map(({ kid, why }) => `${named(kid)} ${why}`);
  return ["it has no RSA or EC key with a kid that can be used", ...reasons].join("; ");
}

/** The list of a JWK Set; null for what is none. */
function keysIn(text: string): readonly JsonNode[] | null {
  try {
    const document = readJson(text);
    const keys = document.kind === "object" ? memberOf(document, "keys") : undefined;
    return keys?.kind === "array" ? keys.items : null;
  } catch {
    return null;
  }
}

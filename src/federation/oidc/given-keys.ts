import { readJson } from "../../json/read.ts";
import type { JsonNode } from "../../json/read.ts";
import { SizedCache } from "../../store/sql/cache/sized-cache.ts";
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

/** The list of a JWK Set; null for what is none. */
export function keysIn(text: string): readonly JsonNode[] | null {
  try {
    const document = readJson(text);
    const keys = document.kind === "object" ? memberOf(document, "keys") : undefined;
    return keys?.kind === "array" ? keys.items : null;
  } catch {
    return null;
  }
}

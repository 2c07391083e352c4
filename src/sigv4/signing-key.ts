import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { LRUCache } from "lru-cache";

import { ownText } from "../text/own-text.ts";
import { scopeTerminator } from "./request.ts";
import type { CredentialScope } from "./request.ts";

/** A key of HMAC-SHA256 that signs many texts: prepared once, because a raw key is prepared anew for each. */
export class SigningKey {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** HMAC-SHA256 of a byte string: 32 bytes. */
  sign(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text, "latin1").digest();
  }
}

/**
 * The signing key of one secret for one scope (AWS "Derive a signing key"): four HMACs, good for the scope's day.
 */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): SigningKey {
  const day = hmac(`AWS4${secretAccessKey}`, scope.date);
  const region = hmac(day, scope.region);
  const service = hmac(region, scope.service);
  return new SigningKey(hmac(service, scopeTerminator));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

/** Characters of the longest credential whose key is kept: with it and its native object a key takes about 800 bytes. */
const longestCredential = 160;

/**
 * Signing keys by credential (access key id and scope), the least recently used going first.
 *
 * A key enters only after it has verified a signature: otherwise whoever knows a key id could flush the cache with
 * invented scopes. The secret of an access key id never changes; what resets a server must `clear` this.
 */
export class SigningKeys {
  readonly #keys: LRUCache<string, SigningKey>;

  /** @param limit how many keys are kept at most */
  constructor(limit: number = 10_000) {
    this.#keys = new LRUCache({ maxSize: Math.max(1, limit), sizeCalculation: () => 1 });
  }

  /** @param credential accessKeyId/date/region/service/aws4_request */
  find(credential: string): SigningKey | undefined {
    return this.#keys.get(credential);
  }

  remember(credential: string, key: SigningKey): void {
    if (credential.length <= longestCredential) this.#keys.set(ownText(credential), key);
  }

  clear(): void {
    this.#keys.clear();
  }

  get size(): number {
    return this.#keys.size;
  }
}

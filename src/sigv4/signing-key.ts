import { createHmac, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
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

/**
 * Signing keys by credential (access key id and scope), bounded: two generations, the older dropped whole, so that a
 * hit costs one lookup and nothing is reordered.
 *
 * A key enters only after it has verified a signature: otherwise whoever knows a key id could flush the cache with
 * invented scopes. The secret of an access key id never changes; what resets a server must `clear` this.
 */
export class SigningKeys {
  readonly #limit: number;
  #young = new Map<string, SigningKey>();
  #old = new Map<string, SigningKey>();

  /** @param limit how many keys are kept at most */
  constructor(limit: number = 20_000) {
    this.#limit = Math.max(2, limit);
  }

  /** @param credential accessKeyId/date/region/service/aws4_request */
  find(credential: string): SigningKey | undefined {
    const key = this.#young.get(credential);
    if (key !== undefined) return key;
    const older = this.#old.get(credential);
    if (older !== undefined) this.remember(credential, older);
    return older;
  }

  remember(credential: string, key: SigningKey): void {
    if (this.#young.size >= this.#limit >> 1) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(credential, key);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

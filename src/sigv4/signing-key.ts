import { createHmac, hash } from "node:crypto";
import { scopeTerminator } from "./request.ts";
import type { CredentialScope } from "./request.ts";

/** Bytes of a block of SHA-256. */
const block = 64;
const innerByte = 0x36;
const outerByte = 0x5c;

/** What a message is appended to, and what its inner hash is; both begin with a key's pad. */
const inner = Buffer.alloc(block + 4096);
const outer = Buffer.alloc(block + 32);

/**
 * A key of HMAC-SHA256 that signs many texts (RFC 2104). It is put together from two one-shot hashes, because the object
 * that createHmac makes for each text costs more than both: 0.8 µs against 1.9 for a string to sign.
 */
export class SigningKey {
  /** The key under the inner pad, then the key under the outer one. */
  readonly #pads: Buffer;

  /** @param key at most one block (64 bytes) */
  constructor(key: Uint8Array) {
    if (key.length > block) throw new RangeError("a signing key has at most 64 bytes");
    this.#pads = Buffer.allocUnsafe(2 * block)
      .fill(innerByte, 0, block)
      .fill(outerByte, block);
    for (const [index, byte] of key.entries()) {
      this.#pads[index]! ^= byte;
      this.#pads[block + index]! ^= byte;
    }
  }

  /** HMAC-SHA256 of a byte string: 32 bytes. */
  sign(text: string): Buffer {
    this.#pads.copy(outer, 0, block);
    outer.write(hash("sha256", this.#padded(text), "binary"), block, "latin1");
    return hash("sha256", outer, "buffer");
  }

  #padded(text: string): Uint8Array {
    if (text.length > inner.length - block) {
      return Buffer.concat([this.#pads.subarray(0, block), Buffer.from(text, "latin1")]);
    }
    this.#pads.copy(inner, 0, 0, block);
    return inner.subarray(0, block + inner.write(text, block, "latin1"));
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

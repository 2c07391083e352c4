import { createCipheriv, createDecipheriv } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { UnsealError } from "./errors.ts";
import { ivBytes, writeRandomIv } from "./random-iv.ts";

/** AES-256-GCM with the layout `prefix, IV, ciphertext, tag`. */

export const tagBytes = 16;
const algorithm = "aes-256-gcm";
// Node 20.17 and later warn where the tag's length is left open; a short tag would also be accepted.
const options = { authTagLength: tagBytes };

/**
 * @param prefix copied to the front as it is; put into `associated` what of it must not be changed
 * @param associated authenticated, not contained
 */
export function encrypt(key: KeyObject, prefix: Uint8Array, plaintext: Uint8Array, associated: string): Uint8Array {
  const out = Buffer.allocUnsafe(prefix.length + ivBytes + plaintext.length + tagBytes);
  out.set(prefix, 0);
  writeRandomIv(out, prefix.length);
  const body = prefix.length + ivBytes;
  const cipher = createCipheriv(algorithm, key, out.subarray(prefix.length, body), options);
  cipher.setAAD(Buffer.from(associated, "utf8"));
  out.set(cipher.update(plaintext), body);
  cipher.final();
  out.set(cipher.getAuthTag(), body + plaintext.length);
  return out;
}

/**
 * @param prefixLength how many bytes stand before the IV
 * @throws UnsealError
 */
export function decrypt(key: KeyObject, sealed: Uint8Array, prefixLength: number, associated: string): Uint8Array {
  const body = prefixLength + ivBytes;
  const end = sealed.length - tagBytes;
  if (end < body) throw new UnsealError();
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(prefixLength, body), options);
  decipher.setAAD(Buffer.from(associated, "utf8"));
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(body, end));
  try {
    decipher.final();
  } catch {
    throw new UnsealError();
  }
  return plaintext;
}

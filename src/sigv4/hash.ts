import * as crypto from "node:crypto";

/** SHA-256 over byte strings and bytes. All of it is one-shot: a hash object costs as much as hashing a kilobyte. */

/** SHA-256 of nothing, in hex. */
export const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Texts up to this length are hashed from one buffer that all of them share. */
const scratch = Buffer.allocUnsafeSlow(16_384);

/**
 * @param text a byte string
 * @returns 64 lower-case hex digits
 */
export function sha256Hex(text: string): string {
  if (text.length > scratch.length) return sha256BytesHex(Buffer.from(text, "latin1"));
  return sha256BytesHex(scratch.subarray(0, scratch.write(text, "latin1")));
}

/** SHA-256 of bytes: 64 lower-case hex digits. */
export function sha256BytesHex(bytes: Uint8Array): string {
  return crypto.hash("sha256", bytes, "hex");
}

export function sha256Base64(text: string): string {
  return crypto.createHash("sha256").update(text, "latin1").digest("base64");
}

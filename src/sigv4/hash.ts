import * as crypto from "node:crypto";

/** SHA-256 over byte strings and bytes. */

/** SHA-256 of nothing, in hex. */
export const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * @param text a byte string
 * @returns 64 lower-case hex digits
 */
export function sha256Hex(text: string): string {
  return digestHex(Buffer.from(text, "latin1"));
}

/** SHA-256 of bytes: 64 lower-case hex digits. */
export function sha256BytesHex(bytes: Uint8Array): string {
  return digestHex(bytes);
}

export function sha256Base64(text: string): string {
  return crypto.createHash("sha256").update(text, "latin1").digest("base64");
}

// The one-shot function (Node 20.12, 21.7) skips the stream object that createHash builds.
const digestHex: (bytes: Uint8Array) => string =
  typeof crypto.hash === "function"
    ? (bytes) => crypto.hash("sha256", bytes, "hex")
    : (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");

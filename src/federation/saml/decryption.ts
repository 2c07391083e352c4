import { createDecipheriv, webcrypto } from "node:crypto";
import { namespaces } from "./names.ts";
import { onlyChild, within } from "./xml-tree.ts";
import type { Element } from "./xml-tree.ts";

/**
 * Ciphers of assertions, by identifier (observed on AWS, September 2026, radkawar/stackd captures: AES of 128 and 256 bits,
 * in CBC and GCM).
 */
const ciphers: ReadonlyMap<string, { readonly name: "aes-128-cbc" | "aes-256-cbc" | "aes-128-gcm" | "aes-256-gcm" }> =
  new Map([
    [`${namespaces.encryption}aes128-cbc`, { name: "aes-128-cbc" }],
    [`${namespaces.encryption}aes256-cbc`, { name: "aes-256-cbc" }],
    [`${namespaces.newerEncryption}aes128-gcm`, { name: "aes-128-gcm" }],
    [`${namespaces.newerEncryption}aes256-gcm`, { name: "aes-256-gcm" }],
  ]);

type Hash = "SHA-1" | "SHA-256";

const hashes: ReadonlyMap<string, Hash> = new Map([
  [`${namespaces.signature}sha1`, "SHA-1"],
  [`${namespaces.encryption}sha256`, "SHA-256"],
]);
const masks: ReadonlyMap<string, Hash> = new Map([
  [`${namespaces.newerEncryption}mgf1sha1`, "SHA-1"],
  [`${namespaces.newerEncryption}mgf1sha256`, "SHA-256"],
]);
/** Its mask is SHA-1 whatever its hash is (XML Encryption 1.1 §5.5.2). */
const olderTransport = `${namespaces.encryption}rsa-oaep-mgf1p`;
const newerTransport = `${namespaces.newerEncryption}rsa-oaep`;

/** An encrypted assertion, taken apart. */
export interface Encrypted {
  readonly cipher: NonNullable<ReturnType<(typeof ciphers)["get"]>>["name"];
  /** Of RSA-OAEP, and of its mask as well. */
  readonly hash: Hash;
  readonly wrappedKey: Buffer;
  readonly content: Buffer;
}

/**
 * @param element EncryptedAssertion
 * @returns null for what is in another form, or encrypted by other algorithms
 */
export function readEncrypted(element: Element): Encrypted | null {
  const data = onlyChild(element, namespaces.encryption, "EncryptedData");
  const keys = [...within(element)].filter(
    ({ uri, local }) => uri === namespaces.encryption && local === "EncryptedKey",
  );
  const [key] = keys;
  // Some put the key beside the data, and point to it. For whom a key is (Recipient) is not compared, as on AWS.
  if (data === null || key === undefined || keys.length > 1) return null;
  const cipher = ciphers.get(algorithmOf(data));
  const hash = hashOf(key);
  const [content, wrappedKey] = [cipherValue(data), cipherValue(key)];
  if (cipher === undefined || hash === null || content === null || wrappedKey === null) return null;
  return { cipher: cipher.name, hash, content, wrappedKey };
}

function algorithmOf(element: Element): string {
  return methodOf(element)?.attributes.get("Algorithm") ?? "";
}

function methodOf(element: Element): Element | null {
  return onlyChild(element, namespaces.encryption, "EncryptionMethod");
}

/** The one hash of RSA-OAEP and its mask; null for other algorithms, and where they are two: Node's OpenSSL takes one. */
function hashOf(key: Element): Hash | null {
  const method = methodOf(key);
  const transport = algorithmOf(key);
  if (method === null || (transport !== olderTransport && transport !== newerTransport)) return null;
  const digest = onlyChild(method, namespaces.signature, "DigestMethod")?.attributes.get("Algorithm");
  const mask = onlyChild(method, namespaces.newerEncryption, "MGF")?.attributes.get("Algorithm");
  const hash = digest === undefined ? "SHA-1" : hashes.get(digest);
  const ofMask = mask === undefined || transport === olderTransport ? "SHA-1" : masks.get(mask);
  return hash !== undefined && hash === ofMask ? hash : null;
}

function cipherValue(element: Element): Buffer | null {
  const data = onlyChild(element, namespaces.encryption, "CipherData");
  const value = data === null ? null : onlyChild(data, namespaces.encryption, "CipherValue");
  return value === null ? null : Buffer.from(value.text, "base64");
}

/**
 * Decrypts an assertion, off the thread that serves. Nothing tells what went wrong: a wrong key, a wrong padding and what
 * is no text are one and the same.
 *
 * @param privateKey PKCS#8 in DER
 */
export async function decrypt(encrypted: Encrypted, privateKey: Uint8Array): Promise<string | null> {
  try {
    const algorithm = { name: "RSA-OAEP", hash: encrypted.hash };
    const unwrapping = await webcrypto.subtle.importKey("pkcs8", privateKey, algorithm, false, ["decrypt"]);
    const key = await webcrypto.subtle.decrypt({ name: "RSA-OAEP" }, unwrapping, encrypted.wrappedKey);
    const content = contentOf(encrypted, Buffer.from(key));
    return content === null ? null : new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return null;
  }
}

/** XML Encryption 1.1 §5.2: the initialization vector first; of GCM the tag last; of CBC the length of the padding. */
function contentOf({ cipher, content }: Encrypted, key: Buffer): Buffer | null {
  if (cipher === "aes-128-gcm" || cipher === "aes-256-gcm") {
    const gcm = createDecipheriv(cipher, key, content.subarray(0, 12), { authTagLength: 16 });
    gcm.setAuthTag(content.subarray(-16));
    return Buffer.concat([gcm.update(content.subarray(12, -16)), gcm.final()]);
  }
  const cbc = createDecipheriv(cipher, key, content.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([cbc.update(content.subarray(16)), cbc.final()]);
  const padding = padded.at(-1) ?? 0;
  return padding >= 1 && padding <= 16 && padding <= padded.length ? padded.subarray(0, -padding) : null;
}

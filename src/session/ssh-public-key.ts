/**
 * RSA public keys in the forms that SSH and OpenSSL have for them, and their fingerprints. Node reads and writes all but
 * SSH's own form, which is three length-prefixed texts: a package for it would bring a dozen others.
 */
import { createHash, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface SshPublicKey {
  /** As SSH sends it (RFC 4253 §6.6). */
  readonly blob: Uint8Array;
  readonly bits: number;
}

const type = "ssh-rsa";
const pem = /^-----BEGIN (RSA )?PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END \1PUBLIC KEY-----$/;

/**
 * @param body a line `ssh-rsa BASE64 COMMENT`, or PEM; nothing else is taken, no certificate and no private key either
 * @returns null for what is no RSA public key in one of these forms
 */
export function parseSshPublicKey(body: string): SshPublicKey | null {
  const trimmed = body.trim();
  try {
    return trimmed.startsWith(`${type} `) ? ofLine(trimmed) : pem.test(trimmed) ? ofPem(trimmed) : null;
  } catch {
    // What OpenSSL does not read.
    return null;
  }
}

function ofLine(line: string): SshPublicKey | null {
  if (/[\r\n]/.test(line)) return null;
  const base64 = line.slice(type.length).trimStart().split(/\s/, 1)[0]!;
  const blob = Buffer.from(base64, "base64");
  if (blob.toString("base64") !== base64) return null;
  const key = keyOf(blob);
  // One key has one blob, and so one fingerprint: no numbers with zeros before, nothing behind them.
  return blob.equals(blobOf(key)) ? { blob, bits: bitsOf(key) } : null;
}

function ofPem(text: string): SshPublicKey | null {
  const key = createPublicKey(text);
  return key.asymmetricKeyType === "rsa" ? { blob: blobOf(key), bits: bitsOf(key) } : null;
}

function bitsOf(key: KeyObject): number {
  return key.asymmetricKeyDetails!.modulusLength!;
}

function keyOf(blob: Buffer): KeyObject {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; at += 4 + blob.readUInt32BE(at)) {
    fields.push(blob.subarray(at + 4, at + 4 + blob.readUInt32BE(at)));
  }
  const [, e, n] = fields;
  const jwk = { kty: "RSA", e: e!.toString("base64url"), n: n!.toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

function blobOf(key: KeyObject): Buffer {
  const { e, n } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.from(type), mpint(e!), mpint(n!)].flatMap((field) => [length(field), field]));
}

/** A number that would read as a negative one has a zero before it (RFC 4251 §5). */
function mpint(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function length(field: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(field.length);
  return bytes;
}

/** `ssh-rsa BASE64`, without a comment. */
export function sshLine(blob: Uint8Array): string {
  return `${type} ${Buffer.from(blob).toString("base64")}`;
}

/** SubjectPublicKeyInfo. @param blob of a key that was parsed */
export function pemOf(blob: Uint8Array): string {
  return keyOf(Buffer.from(blob)).export({ type: "spki", format: "pem" }) as string;
}

/** As `ssh-keygen -l` prints it after `SHA256:`. */
export function sha256Fingerprint(blob: Uint8Array): string {
  return createHash("sha256").update(blob).digest("base64").replace("=", "");
}

/** As `ssh-keygen -l -E md5` prints it after `MD5:`, and IAM shows it. */
export function md5Fingerprint(blob: Uint8Array): string {
  return createHash("md5")
    .update(blob)
    .digest("hex")
    .replace(/..(?!$)/g, "$&:");
}

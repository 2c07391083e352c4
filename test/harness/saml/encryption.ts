/** Encrypts assertions as identity providers do (XML Encryption 1.1). */
import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

const xmlenc = "http://www.w3.org/2001/04/xmlenc#";
const newer = "http://www.w3.org/2009/xmlenc11#";

export interface Encryption {
  readonly cipher?: "aes-128-cbc" | "aes-256-cbc" | "aes-128-gcm" | "aes-256-gcm";
  readonly hash?: "sha1" | "sha256";
  /** Bytes of the padding that is said to be there, of CBC. */
  readonly padding?: number;
}

export function encrypted(assertion: string, key: KeyObject, encryption: Encryption = {}): string {
  const { cipher = "aes-256-gcm", hash = "sha1", padding } = encryption;
  const [, bits, mode] = cipher.split("-");
  const contentKey = randomBytes(Number(bits) / 8);
  const content = mode === "gcm" ? gcm(assertion, cipher, contentKey) : cbc(assertion, cipher, contentKey, padding);
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, contentKey);
  const transport = hash === "sha1" ? `${xmlenc}rsa-oaep-mgf1p` : `${newer}rsa-oaep`;
  const digest = `<ds:DigestMethod Algorithm="${hash === "sha1" ? "http://www.w3.org/2000/09/xmldsig#sha1" : `${xmlenc}sha256`}"/>`;
  const mask = hash === "sha1" ? "" : `<x11:MGF xmlns:x11="${newer}" Algorithm="${newer}mgf1sha256"/>`;
  return (
    `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` +
    `<xenc:EncryptedData xmlns:xenc="${xmlenc}" Type="${xmlenc}Element">` +
    `<xenc:EncryptionMethod Algorithm="${mode === "gcm" ? newer : xmlenc}aes${bits}-${mode}"/>` +
    `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey Recipient="anybody">` +
    `<xenc:EncryptionMethod Algorithm="${transport}">${digest}${mask}</xenc:EncryptionMethod>` +
    `<xenc:CipherData><xenc:CipherValue>${wrapped.toString("base64")}</xenc:CipherValue></xenc:CipherData>` +
    `</xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>${content.toString("base64")}</xenc:CipherValue>` +
    `</xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`
  );
}

function gcm(text: string, cipher: string, key: Buffer): Buffer {
  const iv = randomBytes(12);
  const made = createCipheriv(cipher as "aes-256-gcm", key, iv);
  return Buffer.concat([iv, made.update(text), made.final(), made.getAuthTag()]);
}

/** The padding is random but for its last byte (XML Encryption 1.1 §5.2). */
function cbc(text: string, cipher: string, key: Buffer, said?: number): Buffer {
  const bytes = Buffer.from(text);
  const length = 16 - (bytes.length % 16);
  const padding = randomBytes(length);
  padding[length - 1] = said ?? length;
  const iv = randomBytes(16);
  const made = createCipheriv(cipher, key, iv).setAutoPadding(false);
  return Buffer.concat([iv, made.update(Buffer.concat([bytes, padding])), made.final()]);
}

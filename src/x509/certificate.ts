import { X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { valuesIn } from "./der.ts";
import type { Value } from "./der.ts";
import { certificatesIn } from "./pem.ts";

/** An X.509 certificate that was read whole. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
  /** Milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The one certificate of a PEM text; null where it is none, or not one alone. */
export function certificateOf(pem: string): Certificate | null {
  const [first, second] = certificatesIn(pem);
  return first === undefined || second !== undefined ? null : readCertificate(first);
}

/** @param der what is said to be a certificate; null for what was seen to be none */
export function readCertificate(der: Uint8Array | null): Certificate | null {
  const x509 = der === null ? null : readWhole(der);
  if (x509 === null) return null;
  const { publicKey, validFrom, validTo } = x509;
  const notBefore = Date.parse(validFrom);
  const notAfter = Date.parse(validTo);
  return isCommon(publicKey) && notBefore <= notAfter ? { x509, publicKey, notBefore, notAfter } : null;
}

/** A certificate with a key of any known kind; null for what is none. */
export function readWhole(der: Uint8Array): X509Certificate | null {
  try {
    const x509 = new X509Certificate(der);
    // What OpenSSL reads of it is all that there is, in the one form that DER has. A key of no known kind throws.
    return x509.raw.equals(der) && x509.publicKey.type === "public" ? x509 : null;
  } catch {
    return null;
  }
}

/** RSA, or on a curve that has a name: what AWS takes, and nothing of which one signature takes long to verify. */
function isCommon({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  return type === "rsa" || (type === "ec" && details?.namedCurve !== undefined);
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;
/** 2.5.29.19 */
const basicConstraints = "551d13";

/** The members of what the issuer has signed (RFC 5280 §4.1). */
function signedMembers(x509: X509Certificate): Value[] {
  const [certificate] = valuesIn(x509.raw);
  const [signed] = valuesIn(certificate!.content);
  return [...valuesIn(signed!.content)];
}

interface Extension {
  /** Its object identifier, as the bytes of DER in hexadecimal. */
  readonly id: string;
  readonly value: Value;
}

/** In their order (RFC 5280 §4.1). */
export function extensionsOf(x509: X509Certificate): readonly Extension[] {
  const extensions = signedMembers(x509).find(({ tag }) => tag === extensionsTag);
  if (extensions === undefined) return [];
  const [list] = valuesIn(extensions.content);
  return Array.from(valuesIn(list!.content), ({ content }) => {
    const [id, ...rest] = valuesIn(content);
    return { id: Buffer.from(id!.content).toString("hex"), value: rest.at(-1)! };
  });
}

/** How many intermediates may stand below a certificate authority (RFC 5280 §4.2.1.9); null where it does not say. */
export function pathLengthOf({ x509 }: Certificate): number | null {
  const extension = extensionsOf(x509).find(({ id }) => id === basicConstraints);
  if (extension === undefined) return null;
  const [constraints] = valuesIn(extension.value.content);
  const length = [...valuesIn(constraints!.content)].find(({ tag }) => tag === 2);
  return length === undefined ? null : Number(`0x${Buffer.from(length.content).toString("hex")}`);
}

/** Whether it bears the name of who issued it: a root, or an authority that has changed its key. */
export function isSelfIssued({ x509 }: Certificate): boolean {
  const members = signedMembers(x509);
  // Serial number, algorithm, issuer, validity, subject; a first version leaves the version out.
  const first = members[0]!.tag === versionTag ? 1 : 0;
  return Buffer.compare(members[first + 2]!.content, members[first + 4]!.content) === 0;
}

import { extensionsOf, readWhole } from "../x509/certificate.ts";

/** Bits of an RSA or DSA key at the least (IAM User Guide, id_roles_providers_create_saml). */
const leastBits = 1024;
/** Characters; certificates have 1,000 to 4,000. */
const longest = 65_536;

/**
 * Reads a certificate as it stands in XML: DER in Base64, with white space.
 *
 * @returns its DER in Base64; null for what is none, or one that AWS takes from no identity provider: with a key under
 * 1,024 bits or an extension that is repeated (IAM User Guide, id_roles_providers_create_saml)
 */
export function readCertificate(text: string): string | null {
  if (text.length > longest) return null;
  const base64 = text.replace(/[ \t\r\n]+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const der = Buffer.from(base64, "base64");
  const certificate = readWhole(der);
  if (certificate === null) return null;
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < leastBits) return null;
  const extensions = extensionsOf(certificate);
  return new Set(extensions.map(({ id }) => id)).size < extensions.length ? null : der.toString("base64");
}

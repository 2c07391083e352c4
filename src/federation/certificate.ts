import { X509Certificate } from "node:crypto";

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
  const certificate = parse(der);
  // One that is followed by something else, or is written in two ways, is not what was given.
  if (certificate === null || !certificate.raw.equals(der)) return null;
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < leastBits) return null;
  return repeatsExtension(der) ? null : der.toString("base64");
}

function parse(der: Buffer): X509Certificate | null {
  try {
    const certificate = new X509Certificate(der);
    // Read here, because a key of no known kind throws.
    return certificate.publicKey.type === "public" ? certificate : null;
  } catch {
    return null;
  }
}

/** What an ASN.1 value in DER is: `30 03 02 01 05` is a sequence (tag 0x30) of three bytes. */
interface Value {
  readonly tag: number;
  readonly content: Buffer;
}

/** The values that stand one after the other in DER that was parsed before: it is whole. */
function valuesIn(der: Buffer): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at < der.length;) {
    const tag = der[at]!;
    const first = der[at + 1]!;
    // Above 127 it is how many bytes the length has.
    const bytes = first < 0x80 ? 0 : first - 0x80;
    const begin = at + 2 + bytes;
    const length = bytes === 0 ? first : der.readUIntBE(at + 2, bytes);
    values.push({ tag, content: der.subarray(begin, begin + length) });
    at = begin + length;
  }
  return values;
}

const extensionsTag = 0xa3;

/** RFC 5280, section 4.1: extensions are the member `[3]` of what is signed, each a sequence that begins with its id. */
function repeatsExtension(der: Buffer): boolean {
  const [certificate] = valuesIn(der);
  const [signed] = valuesIn(certificate!.content);
  const extensions = valuesIn(signed!.content).find(({ tag }) => tag === extensionsTag);
  if (extensions === undefined) return false;
  const [list] = valuesIn(extensions.content);
  const ids = valuesIn(list!.content).map(({ content }) => valuesIn(content)[0]!.content.toString("hex"));
  return new Set(ids).size < ids.length;
}

/** Percent-encoding as SigV4 wants it: RFC 3986 unreserved characters stay, every other byte becomes %XX. */

const encoded: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

const onlyUnreserved = /^[A-Za-z0-9\-._~]*$/;
const onlyUnreservedOrSlash = /^[A-Za-z0-9\-._~/]*$/;

/** A text that has no single reading: a broken escape, or a character that is not a byte. */
export class EncodingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EncodingError";
  }
}

/**
 * Encodes a path as it stands; a percent sign becomes %25, a slash stays.
 * @throws EncodingError for a character above U+00FF
 */
export function encodePath(path: string): string {
  if (onlyUnreservedOrSlash.test(path)) return path;
  let out = "";
  for (let index = 0; index < path.length; index++) {
    const code = path.charCodeAt(index);
    out += code === 0x2f ? "/" : encodeByte(code);
  }
  return out;
}

/**
 * Decodes a path and encodes it in the one canonical way (Amazon S3's canonical URI).
 * @throws EncodingError for a broken escape or a character above U+00FF
 */
export function recodePath(path: string): string {
  if (onlyUnreservedOrSlash.test(path)) return path;
  let out = "";
  for (let index = 0; index < path.length; index++) {
    let code = path.charCodeAt(index);
    if (code === 0x25) {
      code = escapedByte(path, index);
      index += 2;
    }
    out += code === 0x2f ? "/" : encodeByte(code);
  }
  return out;
}

/**
 * Decodes one name or value of a query and encodes it in the one canonical way. A plus sign is a space, as the
 * services read it: had it another canonical form, `%2B` could be turned into a space under the same signature.
 * @throws EncodingError for a broken escape or a character above U+00FF
 */
export function recodeQueryComponent(text: string): string {
  if (onlyUnreserved.test(text)) return text;
  let out = "";
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index);
    if (code === 0x25) {
      code = escapedByte(text, index);
      index += 2;
    } else if (code === 0x2b) {
      code = 0x20;
    }
    out += encodeByte(code);
  }
  return out;
}

/** The byte string behind a canonical component. */
export function decodeCanonical(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function encodeByte(code: number): string {
  const text = encoded[code];
  if (text === undefined) throw new EncodingError("a character above U+00FF is not a byte");
  return text;
}

function escapedByte(text: string, index: number): number {
  const high = hexDigit(text.charCodeAt(index + 1));
  const low = hexDigit(text.charCodeAt(index + 2));
  if (high < 0 || low < 0) throw new EncodingError("a percent sign without two hex digits");
  return high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  if (lower >= 0x61 && lower <= 0x66) return lower - 0x57;
  return -1;
}

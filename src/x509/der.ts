/** Values in DER (ITU-T X.690): tag, length, content. */
export interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

/**
 * The values that stand one behind the other in bytes that are known to be well-formed: OpenSSL has read them.
 * Tags and lengths of a certificate's own structure need no more than this (RFC 5280 appendix A).
 */
export function* valuesIn(bytes: Uint8Array): Generator<Value> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const tag = bytes[at]!;
    let length = bytes[at + 1]!;
    at += 2;
    if (length > 127) {
      const digits = length & 127;
      length = 0;
      for (const end = at + digits; at < end; at++) length = length * 256 + (bytes[at] ?? 0);
    }
    yield { tag, content: bytes.subarray(at, at + length) };
    at += length;
  }
}

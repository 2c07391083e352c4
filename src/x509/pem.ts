/**
 * What stands between the lines of one certificate, and what may stand around it: white space. Explanatory text is not
 * taken: AWS was seen to refuse a chain with some (aws/aws-cli issue 715).
 */
const block = /[\t\n\r ]*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\t\n\r ]+)-----END CERTIFICATE-----[\t\n\r ]*/y;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of the certificates in a PEM text (RFC 7468 §5), one after the other; null at the first that is none. */
export function* certificatesIn(pem: string): Generator<Uint8Array | null> {
  let at = 0;
  while (at < pem.length) {
    block.lastIndex = at;
    const found = block.exec(pem);
    if (found === null) return yield null;
    at = block.lastIndex;
    yield decoded(found[1]!.replaceAll(/[\t\n\r ]/g, ""));
  }
}

function decoded(text: string): Uint8Array | null {
  return text.length % 4 === 0 && base64.test(text) ? Buffer.from(text, "base64") : null;
}

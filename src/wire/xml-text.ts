/** What must not stand as it is in the character data of an XML 1.0 document. `\p{Cs}` is a lone surrogate. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[&<>\r\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Cs}]/gu;
/** The same without looking whether a surrogate is alone, which is cheaper: most text has none of these. */
// oxlint-disable-next-line no-control-regex -- the same
const MAYBE_UNSAFE = /[&<>\u0000-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  // A bare carriage return is read back as a line feed (XML 1.0, section 2.11).
  "\r": "&#xD;",
};

/**
 * Text as XML character data. Characters that XML 1.0 cannot carry in any form (section 2.2: most control characters,
 * lone surrogates, U+FFFE, U+FFFF) become U+FFFD, so that a document is never ill-formed. Quotes stay: AWS leaves them.
 */
export function escapeXml(text: string): string {
  return MAYBE_UNSAFE.test(text) ? text.replace(UNSAFE, (character) => ENTITIES[character] ?? "\uFFFD") : text;
}

/** RFC 3986 percent-encoding of everything but unreserved characters: how IAM returns policy documents. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\uFFFD")).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

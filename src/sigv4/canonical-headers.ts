/** Header lines as they are signed. */

/**
 * @param headers name, value, name, value …
 * @returns all values of one header in order, canonical and joined by commas; null where it was not sent
 */
export function canonicalHeader(headers: readonly string[], name: string): string | null {
  let joined: string | null = null;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const candidate = headers[index]!;
    // Lengths differ for most headers: cheaper than lower-casing all of them.
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    const value = canonicalValue(headers[index + 1]!);
    joined = joined === null ? value : `${joined},${value}`;
  }
  return joined;
}

// Not \s: its U+00A0 is half of a character in a UTF-8 byte string.
const needsFolding = /[\t\n\v\f\r]|^ | $| {2}/;
/** What else than single inner spaces is folded. */
const folded = ["  ", "\t", "\n", "\v", "\f", "\r"] as const;
/** From this length on (session tokens have a thousand characters) searches for single texts beat the expression. */
const longValue = 200;

/** Trims, and turns every run of white space, folded lines included, into one space, as SDKs do (also inside quotes). */
export function canonicalValue(value: string): string {
  if (value.length < longValue ? !needsFolding.test(value) : isFolded(value)) return value;
  return value.replace(/[\t\n\v\f\r ]+/g, " ").replace(/^ | $/g, "");
}

function isFolded(value: string): boolean {
  for (const text of folded) if (value.includes(text)) return false;
  return !value.startsWith(" ") && !value.endsWith(" ");
}

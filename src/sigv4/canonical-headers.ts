/** Header lines as they are signed. */
import { layoutOf } from "./header-layout.ts";

/**
 * @param headers name, value, name, value …
 * @param name in lower case
 * @returns all values of one header in order, canonical and joined by commas; null where it was not sent
 */
export function canonicalHeader(headers: readonly string[], name: string): string | null {
  const places = layoutOf(headers).placesOf(name);
  return places.length === 0 ? null : joinedValues(headers, places);
}

/**
 * The lines of all signed headers, each with its end.
 *
 * @param list names in lower case, joined by semicolons
 * @returns null where one of them was not sent
 */
export function canonicalLines(headers: readonly string[], list: string, names: readonly string[]): string | null {
  const signed = layoutOf(headers).signed(list, names);
  if (signed === null) return null;
  const { prefixes, places } = signed;
  let lines = "";
  for (let index = 0; index < prefixes.length; index++) {
    lines += prefixes[index]! + joinedValues(headers, places[index]!) + "\n";
  }
  return lines;
}

function joinedValues(headers: readonly string[], places: readonly number[]): string {
  let joined = canonicalValue(headers[places[0]!]!);
  for (let index = 1; index < places.length; index++) joined += `,${canonicalValue(headers[places[index]!]!)}`;
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

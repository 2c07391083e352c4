import { isUtf8 } from "node:buffer";
import { Fault } from "../contracts/fault.ts";

/**
 * Members of a query string or form body, decoded. Where a name came more than once the FIRST value stands, as in AWS
 * (observed on STS for scalar members, 2026).
 */
export type QueryParameters = ReadonlyMap<string, string>;

/**
 * Members that mean something. AWS sets no limit but that of the body (10,000,000 bytes; observed on STS with five million
 * members, 2026): those that no operation has are passed by, however many, and of the others the largest real request
 * (SimulatePrincipalPolicy) has some hundreds. A bound keeps a body of short names from costing many times its size in
 * memory.
 */
export const MAX_PARAMETERS = 10_000;

/** IAM API Reference, Common Errors: MalformedQueryString is a 404. */
function malformed(): Fault {
  return new Fault("MalformedQueryString", 404, "The query string contains a syntax error.");
}

/** Characters from which a text's pluses are replaced as numbers: `replaceAll` takes a second for five million. */
const longText = 10_000;
const plus = 0x2b;
const space = 0x20;

function spacesIn(text: string): string {
  if (text.length < longText) return text.replaceAll("+", " ");
  const units = Buffer.from(text, "utf16le");
  for (let at = 0; at < units.length; at += 2) if (units[at] === plus && units[at + 1] === 0) units[at] = space;
  return units.toString("utf16le");
}

function decode(text: string): string {
  const spaced = text.includes("+") ? spacesIn(text) : text;
  if (!spaced.includes("%")) return spaced;
  try {
    // Strict: a broken escape, an overlong form and an encoded surrogate are all errors.
    return decodeURIComponent(spaced);
  } catch (cause) {
    if (cause instanceof URIError) throw malformed();
    throw cause;
  }
}

/**
 * Reads `application/x-www-form-urlencoded` text (a form body, or what follows the `?` of a URL) in one pass.
 * Throws MalformedQueryString for broken escapes and for bytes that are not UTF-8, ValidationError for more than
 * MAX_PARAMETERS members. A member without `=` has the empty value; empty members (`a&&b`) are skipped.
 *
 * @param meant what members that mean something begin with: their names up to a dot. All are kept without it
 */
export function scanQuery(source: string | Uint8Array, meant?: ReadonlySet<string>): QueryParameters {
  const text = typeof source === "string" ? source : utf8(source);
  const parameters = new Map<string, string>();
  const end = text.length;
  let start = 0;
  let equals = -1;
  while (start < end) {
    let stop = text.indexOf("&", start);
    if (stop === -1) stop = end;
    if (stop > start) {
      // Not looked for again before it is passed: a text without any would be read to its end for each of its members.
      if (equals < start) equals = indexOrEnd(text, "=", start);
      const nameEnd = Math.min(equals, stop);
      const name = decode(text.slice(start, nameEnd));
      const value = nameEnd === stop ? "" : decode(text.slice(nameEnd + 1, stop));
      if (meant === undefined || meant.has(beginning(name))) keep(parameters, name, value);
    }
    start = stop + 1;
  }
  return parameters;
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

function beginning(name: string): string {
  const dot = name.indexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

function keep(parameters: Map<string, string>, name: string, value: string): void {
  if (parameters.has(name)) return;
  if (parameters.size === MAX_PARAMETERS) {
    throw new Fault("ValidationError", 400, `The request has more than ${MAX_PARAMETERS} parameters.`);
  }
  parameters.set(name, value);
}

const beyondAscii = /[\x80-\xff]/;

function utf8(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // An encoded form is ASCII, which reads the same either way.
  const text = buffer.toString("latin1");
  if (!beyondAscii.test(text)) return text;
  if (!isUtf8(bytes)) throw malformed();
  return buffer.toString("utf8");
}

/** JSON written as text: records are made for every request, and building objects for JSON.stringify took half of it. */

// What stands in a JSON string as it is; `JSON.stringify` escapes lone surrogates, which text beyond ASCII may contain.
const plain = /^[ !#-[\]-~]*$/;

/** A text as a JSON string, exactly as JSON.stringify writes it. */
export function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/**
 * A text behind what stands before it, which ends with the quotation mark that opens it (`,"name":"`). Each piece that a
 * text is put together from costs as much as a short string: this is one less than with `quoted`, and the piece before is
 * mostly a constant.
 */
export function quotedAfter(before: string, text: string): string {
  return plain.test(text) ? `${before}${text}"` : before.slice(0, -1) + JSON.stringify(text);
}

/** The members of an object, each followed by a comma, to be put before others; those that are undefined are left out. */
export function membersBefore(object: object | undefined): string {
  if (object === undefined) return "";
  const text = membersText(object);
  return text === "" ? "" : `${text},`;
}

/** A value of texts, numbers, lists and plain objects as JSON, exactly as JSON.stringify writes it. */
export function jsonText(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object" || "toJSON" in value) return JSON.stringify(value) ?? "null";
  if (!Array.isArray(value)) return `{${membersText(value)}}`;
  let text = "";
  for (const member of value) text += text === "" ? jsonText(member) : `,${jsonText(member)}`;
  return `[${text}]`;
}

function membersText(object: object): string {
  let text = "";
  for (const name of Object.keys(object)) {
    const member = (object as Readonly<Record<string, unknown>>)[name];
    if (member === undefined) continue;
    const key = text === "" ? `${quoted(name)}:` : `,${quoted(name)}:`;
    text += typeof member === "string" ? quotedAfter(`${key}"`, member) : key + jsonText(member);
  }
  return text;
}

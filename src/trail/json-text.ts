/** JSON written as text: records are made for every request, and building objects for JSON.stringify took half of it. */

// What stands in a JSON string as it is; `JSON.stringify` escapes lone surrogates, which text beyond ASCII may contain.
const plain = /^[ !#-[\]-~]*$/;

/** A text as a JSON string, exactly as JSON.stringify writes it. */
export function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The members of an object, each followed by a comma, to be put before others; those that are undefined are left out. */
export function membersBefore(object: object | undefined): string {
  if (object === undefined) return "";
  const text = JSON.stringify(object);
  return text === "{}" ? "" : `${text.slice(1, -1)},`;
}

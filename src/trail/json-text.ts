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

/**
 * A text that becomes a line of a file. What is put together of pieces stays a tree of them until it is first read, and
 * trees that wait to be written keep the garbage collector busy; the search that makes sure of the line makes it flat.
 */
export function line(text: string): string {
  if (text.includes("\n")) throw new TypeError("a line break inside a line");
  return text;
}

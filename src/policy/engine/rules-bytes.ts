const quote = 34;
const colon = 58;
const star = 42;
const question = 63;

/** What a text becomes as an object, the name of a member as its share of one, and a piece of a pattern with its lists. */
const textBytes = 300;
const nameBytes = 120;
const pieceBytes = 450;

/**
 * Bytes of memory that the compiled form of a document takes, estimated from its text. Short patterns become large:
 * two hundred of four characters, `"1*a"`, take 170 KB, a list of long actions of the same length 13 KB.
 */
export function rulesBytes(text: string): number {
  let quotes = 0;
  let names = 0;
  let wildcards = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === quote) {
      quotes++;
      if (text.charCodeAt(index + 1) === colon) names++;
    } else if (unit === star || unit === question) wildcards++;
  }
  return 2 * text.length + textBytes * (quotes / 2 - names) + nameBytes * names + pieceBytes * wildcards;
}

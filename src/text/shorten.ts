/** Names and values that a stranger wrote are repeated up to this length: enough to find a slip. */
const longestName = 128;

/**
 * A text that is no longer than `most` UTF-16 units and the three dots that say it was cut. A character is never cut in
 * half.
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  // The first half of a surrogate pair says nothing without the second.
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most)}...`;
}

/** What a stranger named, for a sentence that repeats it. */
export function named(text: string): string {
  return shorten(text, longestName);
}

/** The work of reading a text, counted instead of timed: the same on every machine, busy or not. */

const prototype = String.prototype as unknown as Record<string, (this: string, ...words: unknown[]) => unknown>;

/** How many characters a call has looked at, by what it was given and what it gave. */
const costs: Readonly<Record<string, (text: string, words: readonly unknown[], given: unknown) => number>> = {
  charCodeAt: () => 1,
  codePointAt: () => 1,
  slice: (_text, _words, given) => (given as string).length,
  substring: (_text, _words, given) => (given as string).length,
  split: (text) => text.length,
  startsWith: (_text, words) => (words[0] as string).length,
  indexOf(text, words, given) {
    const from = (words[1] as number | undefined) ?? 0;
    return ((given as number) < 0 ? text.length : (given as number)) - from + 1;
  },
};

/** @returns how many characters of strings the work looked at or copied; one place of a string (`text[0]`) is not counted */
export function charactersRead(work: () => void): number {
  let count = 0;
  const own = Object.keys(costs).map((name) => [name, prototype[name]!] as const);
  for (const [name, method] of own) {
    const cost = costs[name]!;
    prototype[name] = function (...words) {
      const given = method.apply(this, words);
      count += cost(this, words, given);
      return given;
    };
  }
  try {
    work();
  } finally {
    for (const [name, method] of own) prototype[name] = method;
  }
  return count;
}

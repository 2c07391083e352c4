/**
 * Patterns of ARNs with wildcards that keep within a part: in the first five parts, a `?`, and a `*` that does not end its
 * part, take no colon; a `*` that ends its part takes what follows too (reference_policies_elements_resource). The last
 * part is text in which a colon is like any other character (observed on AWS, September 2026). Few policies have such
 * wildcards; all others are patterns of the plain kind, which take a fraction of the time.
 */
import { spend } from "../effort.ts";

/** Text, or what may stand in its place. `one` and `run` take no colon. */
type Token = { readonly text: string } | { readonly wild: "one" | "any" | "run" | "span" };

export type BoundedPattern = readonly Token[];

/** Parts of an ARN before the last one. */
const boundedParts = 5;

const colon = 58;

/**
 * @param isWild whether the `*` or `?` at an index is a wildcard, and not what a variable stands for
 * @returns null when no wildcard is kept within its part: a plain pattern says the same
 */
export function boundedPattern(text: string, isWild: (index: number) => boolean = () => true): BoundedPattern | null {
  const tokens: Token[] = [];
  let start = 0;
  let part = 0;
  let bounded = false;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === ":") part++;
    const wild = (character === "*" || character === "?") && isWild(index);
    if (!wild && index < text.length) continue;
    if (index > start) tokens.push({ text: text.slice(start, index) });
    start = index + 1;
    if (!wild) break;
    const within = part < boundedParts && !(character === "*" && (text[start] ?? ":") === ":");
    bounded ||= within;
    tokens.push({ wild: character === "*" ? (within ? "run" : "span") : within ? "one" : "any" });
  }
  return bounded ? tokens : null;
}

/** Every place that is reached is carried along, so that nothing is tried twice. @throws PolicyEffortError */
export function matchesBounded(pattern: BoundedPattern, text: string): boolean {
  spend(pattern.length * (text.length + 1));
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const token of pattern) {
    const next = new Uint8Array(reached.length);
    if ("text" in token) moveOverText(token.text, text, reached, next);
    else moveOverWildcard(token.wild, text, reached, next);
    reached = next;
  }
  return reached[text.length] === 1;
}

function moveOverText(run: string, text: string, from: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at + run.length < to.length; at++) {
    if (from[at] === 1 && text.startsWith(run, at)) to[at + run.length] = 1;
  }
}

function moveOverWildcard(wild: "one" | "any" | "run" | "span", text: string, from: Uint8Array, to: Uint8Array): void {
  const takesColon = wild === "any" || wild === "span";
  let on = false;
  for (let at = 0; at < to.length; at++) {
    const passes = at > 0 && (takesColon || text.charCodeAt(at - 1) !== colon);
    if (wild === "one" || wild === "any") on = passes && from[at - 1] === 1;
    else on = from[at] === 1 || (on && passes);
    if (on) to[at] = 1;
  }
}

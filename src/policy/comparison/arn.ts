/**
 * ARN operators: each of the six parts is matched by itself, wildcards work in ArnEquals too, and only the last part
 * may hold further colons (reference_policies_elements_condition_operators#Conditions_ARN).
 */
import { matchesPattern } from "../pattern.ts";
import type { Pattern } from "../pattern.ts";
import { hasVariable, resolvePattern, resolveText } from "../variable.ts";
import type { Piece } from "../variable.ts";
import type { Context } from "../types.ts";
import { never, noContext } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";

const parts = 6;

export const arnLike: Comparison = {
  variables: true,
  prepare({ text, pieces }) {
    const all = pieces ?? [{ type: "text", text } as const];
    const split = splitPieces(all);
    if (split.length !== parts) return isOneVariable(all) ? wholeArn(all) : never;
    if (!hasVariable(all)) {
      const patterns = split.map((part) => resolvePattern(part, noContext)!);
      return (seen) => matchesParts(patterns, seen);
    }
    return (seen, context) => {
      const patterns: Pattern[] = [];
      for (const part of split) {
        const pattern = resolvePattern(part, context);
        if (pattern === null) return false;
        patterns.push(pattern);
      }
      return matchesParts(patterns, seen);
    };
  },
};

function matchesParts(patterns: readonly Pattern[], seen: string): boolean {
  let start = 0;
  for (let index = 0; index < parts - 1; index++) {
    const colon = seen.indexOf(":", start);
    if (colon < 0 || !matchesPattern(patterns[index]!, seen.slice(start, colon))) return false;
    start = colon + 1;
  }
  return matchesPattern(patterns[parts - 1]!, seen.slice(start));
}

/**
 * The policy's own colons part its ARN. A colon inside a variable's value does not, so that a tag cannot push the
 * parts after it along and change which account is meant.
 */
function splitPieces(pieces: readonly Piece[]): Piece[][] {
  const split: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.type !== "text") {
      split.at(-1)!.push(piece);
      continue;
    }
    let text = piece.text;
    for (let colon = text.indexOf(":"); colon >= 0 && split.length < parts; colon = text.indexOf(":")) {
      split.at(-1)!.push({ type: "text", text: text.slice(0, colon) });
      split.push([]);
      text = text.slice(colon + 1);
    }
    split.at(-1)!.push({ type: "text", text });
  }
  return split;
}

function isOneVariable(pieces: readonly Piece[]): boolean {
  return pieces.length === 1 && pieces[0]!.type === "variable";
}

/** `${aws:PrincipalArn}` and its like stand for an ARN as a whole, taken literally. */
function wholeArn(pieces: readonly Piece[]) {
  return (seen: string, context: Context): boolean => {
    const wanted = resolveText(pieces, context);
    return wanted === seen && seen.split(":").length >= parts;
  };
}

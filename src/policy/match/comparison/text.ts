/** String operators (reference_policies_elements_condition_operators#Conditions_String). */
import { matchesPattern, patternOf } from "../pattern.ts";
import type { Pattern } from "../pattern.ts";
import { hasVariable, resolvePattern } from "../variable.ts";
import type { Piece } from "../variable.ts";
import { asText, Comparison, filledIn, noContext, takenApart, wantedText } from "./comparison.ts";
import type { WantedText } from "./comparison.ts";

const asItIs = (text: string): string => text;
const lowerCased = (text: string): string => text.toLowerCase();

export const stringEquals = comparisonOfTexts(asItIs);

export const stringEqualsIgnoreCase = comparisonOfTexts(lowerCased);

function comparisonOfTexts(fold: (text: string) => string): Comparison {
  return Comparison.of<string, WantedText>({
    variables: true,
    longest: Infinity,
    readSteps: asText,
    read: fold,
    prepare: (value) => wantedText(value, fold),
    fits: (seen, wanted, context) => seen === filledIn(wanted, fold, context),
  });
}

export const stringLike = Comparison.of<string, Pattern | readonly Piece[]>({
  variables: true,
  longest: Infinity,
  readSteps: asText,
  read: asItIs,
  prepare({ text, pieces }) {
    if (pieces === null) return patternOf(text);
    return hasVariable(pieces) ? pieces : resolvePattern(pieces, noContext);
  },
  fits(seen, wanted, context) {
    const pattern = "kind" in wanted ? wanted : resolvePattern(wanted, context);
    return pattern !== null && matchesPattern(pattern, seen);
  },
});

/** `true` or `false` in any case (reference_policies_elements_condition_operators#Conditions_Boolean). */
export const bool = Comparison.of<string, WantedText>({
  variables: true,
  longest: "false".length,
  readSteps: takenApart,
  read(text) {
    const folded = text.toLowerCase();
    return folded === "true" || folded === "false" ? folded : null;
  },
  prepare: (value) => wantedText(value, lowerCased),
  fits: (seen, wanted, context) => seen === filledIn(wanted, lowerCased, context),
});

/**
 * Base64 on both sides, compared by the bytes that it stands for
 * (reference_policies_elements_condition_operators#Conditions_BinaryEquals).
 */
export const binaryEquals = Comparison.of<string, string>({
  variables: false,
  longest: Infinity,
  readSteps: asText,
  read: canonicalBase64,
  prepare: ({ text }) => canonicalBase64(text),
  fits: (seen, wanted) => seen === wanted,
});

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The one spelling that encodes these bytes: bits beyond the last byte are zero. Null when it is not Base64. */
function canonicalBase64(text: string): string | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  if (padding === 0) return text;
  const at = text.length - padding - 1;
  const spare = padding === 2 ? 0b1111 : 0b11;
  return text.slice(0, at) + base64[base64.indexOf(text[at]!) & ~spare]! + text.slice(at + 1);
}

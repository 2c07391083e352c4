/** String operators (reference_policies_elements_condition_operators#Conditions_String). */
import { matchesPattern, patternOf } from "../pattern.ts";
import type { Pattern } from "../pattern.ts";
import { hasVariable, resolvePattern } from "../variable.ts";
import type { Piece } from "../variable.ts";
import { asText, Comparison, filledIn, Fit, noContext, wantedText } from "./comparison.ts";
import type { WantedText } from "./comparison.ts";

const asItIs = (text: string): string => text;

const surrogates = /[\uD800-\uDBFF][\uDC00-\uDFFF]/;
const eachPair = new RegExp(surrogates, "g");

/**
 * Lower case and no folding: `s` and `ſ`, `ß` and `SS` differ. Characters beyond the first plane stay as they are, though
 * they are seen where a sigma's form depends on what stands beside it (observed on AWS, September 2026).
 */
function lowerCased(text: string): string {
  const lower = text.toLowerCase();
  if (!surrogates.test(text)) return lower;
  const pairs = text.match(eachPair)!;
  let at = 0;
  return lower.replaceAll(eachPair, () => pairs[at++]!);
}

export const stringEquals = comparisonOfTexts(asItIs);

export const stringEqualsIgnoreCase = comparisonOfTexts(lowerCased);

function comparisonOfTexts(fold: (text: string) => string): Comparison {
  return Comparison.of<string, WantedText>({
    variables: true,
    longest: Infinity,
    readSteps: asText,
    read: fold,
    unreadable: Fit.no,
    prepare: (value) => wantedText(value, fold),
    fits: (seen, wanted, context) => seen === filledIn(wanted, fold, context),
  });
}

export const stringLike = Comparison.of<string, Pattern | readonly Piece[]>({
  variables: true,
  longest: Infinity,
  readSteps: asText,
  read: asItIs,
  unreadable: Fit.no,
  prepare({ text, pieces }) {
    if (pieces === null) return patternOf(text);
    return hasVariable(pieces) ? pieces : resolvePattern(pieces, noContext);
  },
  fits(seen, wanted, context) {
    const pattern = "kind" in wanted ? wanted : resolvePattern(wanted, context);
    return pattern !== null && matchesPattern(pattern, seen);
  },
});

/** `true` in any case; every other text, the empty one too, is false, on either side (observed on AWS, September 2026). */
export function isTrue(text: string): boolean {
  return text.length === "true".length && text.toLowerCase() === "true";
}

const truthOf = (text: string): string => String(isTrue(text));

/** reference_policies_elements_condition_operators#Conditions_Boolean */
export const bool = Comparison.of<string, WantedText>({
  variables: true,
  longest: Infinity,
  readSteps: 0,
  read: truthOf,
  unreadable: Fit.no,
  prepare: (value) => wantedText(value, truthOf),
  fits: (seen, wanted, context) => seen === filledIn(wanted, truthOf, context),
});

/**
 * Base64 on both sides, compared by the bytes that it stands for
 * (reference_policies_elements_condition_operators#Conditions_BinaryEquals). Only the spelling that encoding gives is
 * read: with its padding, and with zeros for the bits beyond the last byte (observed on AWS, September 2026).
 */
export const binaryEquals = Comparison.of<string, string>({
  variables: false,
  longest: Infinity,
  readSteps: asText,
  read: canonicalBase64,
  unreadable: Fit.no,
  prepare: ({ text }) => canonicalBase64(text),
  fits: (seen, wanted) => seen === wanted,
});

/** One spelling stands for the same bytes, so that texts can be compared. Null for what is none. */
function canonicalBase64(text: string): string | null {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*(?:[AQgw]==|[AEIMQUYcgkosw048]=)?$/.test(text) ? text : null;
}

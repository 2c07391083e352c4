/** String operators (reference_policies_elements_condition_operators#Conditions_String). */
import { matchesPattern, patternOf } from "../pattern.ts";
import { hasVariable, resolvePattern } from "../variable.ts";
import { comparisonOfTexts, noContext } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";

export const stringEquals: Comparison = comparisonOfTexts((wanted) => (seen) => seen === wanted);

export const stringEqualsIgnoreCase: Comparison = comparisonOfTexts((wanted) => {
  const folded = wanted.toLowerCase();
  return (seen) => seen.toLowerCase() === folded;
});

export const stringLike: Comparison = {
  variables: true,
  prepare({ text, pieces }) {
    if (pieces !== null && hasVariable(pieces)) {
      return (seen, context) => {
        const pattern = resolvePattern(pieces, context);
        return pattern !== null && matchesPattern(pattern, seen);
      };
    }
    const pattern = pieces === null ? patternOf(text) : resolvePattern(pieces, noContext)!;
    return (seen) => matchesPattern(pattern, seen);
  },
};

/** `true` or `false` in any case (reference_policies_elements_condition_operators#Conditions_Boolean). */
export const bool: Comparison = comparisonOfTexts((wanted) => {
  const folded = wanted.toLowerCase();
  if (folded !== "true" && folded !== "false") return () => false;
  return (seen) => seen.toLowerCase() === folded;
});

/**
 * Base64 on both sides, compared by the bytes that it stands for
 * (reference_policies_elements_condition_operators#Conditions_BinaryEquals).
 */
export const binaryEquals: Comparison = {
  variables: false,
  prepare({ text }) {
    const wanted = canonicalBase64(text);
    return (seen) => wanted !== null && canonicalBase64(seen) === wanted;
  },
};

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

/**
 * Numeric operators: integers and decimals (reference_policies_elements_condition_operators#Conditions_Numeric).
 * Compared digit by digit, because two long numbers that differ may share one floating-point value.
 */
import { Comparison, takenApart } from "./comparison.ts";

/** Digits and the rest of a number: three times those of the most exact that computers count with (IEEE 754 decimal128). */
const longest = 128;

interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty for 0. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

export const numericEquals = comparisonOfNumbers((order) => order === 0);
export const numericLessThan = comparisonOfNumbers((order) => order < 0);
export const numericLessThanEquals = comparisonOfNumbers((order) => order <= 0);
export const numericGreaterThan = comparisonOfNumbers((order) => order > 0);
export const numericGreaterThanEquals = comparisonOfNumbers((order) => order >= 0);

function comparisonOfNumbers(holds: (order: number) => boolean): Comparison {
  return Comparison.of({
    variables: false,
    longest,
    readSteps: takenApart,
    read: readDecimal,
    prepare: ({ text }) => readDecimal(text),
    fits: (seen, wanted) => holds(compare(seen, wanted)),
  });
}

/** Null for anything that is not wholly a number: `12abc` is not 12. */
function readDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const [, sign, wholeDigits, fractionDigits = ""] = match as unknown as [string, string, string, string?];
  if (wholeDigits === "" && fractionDigits === "") return null;
  const whole = trimStart(wholeDigits);
  const fraction = trimEnd(fractionDigits);
  return { negative: sign === "-" && (whole !== "" || fraction !== ""), whole, fraction };
}

function compare(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = compareSize(a, b);
  return a.negative ? -size : size;
}

function compareSize(a: Decimal, b: Decimal): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  // Fractions compare as text: a missing digit is smaller than any digit, and none ends in a zero.
  return a.fraction === b.fraction ? 0 : a.fraction < b.fraction ? -1 : 1;
}

function trimStart(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === zero) start++;
  return digits.slice(start);
}

function trimEnd(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === zero) end--;
  return digits.slice(0, end);
}

const zero = 48;

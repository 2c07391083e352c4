/**
 * Numeric operators: integers and decimals (reference_policies_elements_condition_operators#Conditions_Numeric), with an
 * exponent too (`1e0` is 1: observed on AWS, September 2026). Compared digit by digit, because two long numbers that
 * differ may share one floating-point value.
 */
import { Comparison, Fit, takenApart } from "./comparison.ts";

/** Digits and the rest of a number: three times those of the most exact that computers count with (IEEE 754 decimal128). */
const longest = 128;

/** Largest exponent: that of the decimals which AWS's numbers are (java.math.BigDecimal, by what it accepts). */
const largestExponent = 2 ** 31 - 1;

/** 0.DIGITS × 10^magnitude. */
interface Decimal {
  readonly negative: boolean;
  readonly magnitude: number;
  /** Without zeros at either end; empty for 0. */
  readonly digits: string;
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
    unreadable: Fit.no,
    prepare: ({ text }) => readDecimal(text),
    fits: (seen, wanted) => holds(compare(seen, wanted)),
  });
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Null for anything that is not wholly a number: `12abc` is not 12. */
function readDecimal(text: string): Decimal | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  const shift = Number(exponent);
  if (Math.abs(shift) > largestExponent) return null;
  const written = whole + fraction;
  const zeros = leadingZeros(written);
  if (zeros === written.length) return zero;
  return {
    negative: sign === "-",
    magnitude: whole.length - zeros + shift,
    digits: trimEnd(written.slice(zeros)),
  };
}

const zero: Decimal = { negative: false, magnitude: -Infinity, digits: "" };

function compare(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = compareSize(a, b);
  return a.negative ? -size : size;
}

function compareSize(a: Decimal, b: Decimal): number {
  if (a.magnitude !== b.magnitude) return a.magnitude < b.magnitude ? -1 : 1;
  // Digits after the point compare as text: a missing one is smaller than any other, and none ends in a zero.
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits.charCodeAt(count) === digitZero) count++;
  return count;
}

function trimEnd(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === digitZero) end--;
  return digits.slice(0, end);
}

const digitZero = 48;

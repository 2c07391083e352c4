/**
 * Date operators: the W3C profile of ISO 8601, or *seconds* since the epoch, on either side
 * (reference_policies_elements_condition_operators#Conditions_Date, https://www.w3.org/TR/NOTE-datetime).
 * Compared by the millisecond; what is finer is cut off (observed on AWS, September 2026).
 *
 * What is not a date never fits, so DateNotEquals with garbage is true and a Deny that hangs on it denies (observed on AWS
 * as well); an ordering operator with garbage is false, as with a missing key.
 */
import { Comparison, Fit, takenApart } from "./comparison.ts";

/** Characters of a date: all parts, nine digits of a second and an offset take 35. */
const longest = 40;

export const dateEquals = comparisonOfDates((seen, wanted) => seen === wanted);
export const dateLessThan = comparisonOfDates((seen, wanted) => seen < wanted);
export const dateLessThanEquals = comparisonOfDates((seen, wanted) => seen <= wanted);
export const dateGreaterThan = comparisonOfDates((seen, wanted) => seen > wanted);
export const dateGreaterThanEquals = comparisonOfDates((seen, wanted) => seen >= wanted);

function comparisonOfDates(fits: (seen: number, wanted: number) => boolean): Comparison {
  return Comparison.of({
    variables: false,
    longest,
    readSteps: takenApart,
    read: readDate,
    unreadable: Fit.no,
    prepare: ({ text }) => readDate(text),
    fits,
  });
}

const epochSeconds = /^([+-]?\d+)(?:\.(\d+))?$/;
/** AWS takes a lower-case `t`, an hour of one digit and an offset of whole hours (observed in its own test documents). */
const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;

/** Milliseconds since the epoch; null when the text is no date. Four digits alone are a year. */
function readDate(text: string): number | null {
  const match = iso.exec(text);
  if (match === null) return readEpoch(text);
  // What is left out of the time is zero, as an empty text is.
  const [, year, month = "01", day = "01", hour = "", minute = "", second = "", fraction = "", zone = ""] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  // Date.UTC would carry a 31st of February into March and a 13th month into the next year, and read the years 0 to 99
  // as 1900 and more.
  if (date.getUTCFullYear() !== Number(year) || date.getUTCDate() !== Number(day)) return null;
  const offset = readOffset(zone);
  if (offset === null) return null;
  return midnight + (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second) * 1000 + millis(fraction);
}

function readEpoch(text: string): number | null {
  const match = epochSeconds.exec(text);
  if (match === null) return null;
  const [, seconds, fraction = ""] = match;
  return Number(seconds) * 1000 + (text.startsWith("-") ? -millis(fraction) : millis(fraction));
}

/** The digits after the point of a second. */
function millis(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/** Minutes east of Greenwich; `Z` has no digits. */
function readOffset(zone: string): number | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

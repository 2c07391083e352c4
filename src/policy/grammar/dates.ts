/**
 * Dates as AWS's older policy parser takes them: ISO 8601 in a loose form (a year alone, one-digit hours, an offset of
 * whole hours), or epoch seconds. Ranges and forms follow the documents that moto recorded as accepted and refused.
 */
const isoForm =
  /^(-?\d+)(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:t(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?(?:z|[+-](\d\d)(?::?(\d\d))?)?)?)?)?)?$/;

/** Whether a value of a Date… condition is one that AWS stores. */
export function isPolicyDate(text: string): boolean {
  const value = text.toLowerCase();
  if (/^\d+$/.test(value)) return BigInt(value) <= 9223372036854775807n;
  const match = isoForm.exec(value);
  if (match === null) return value === "t";
  const [year, month, day, hours, minutes, seconds, , offsetHours, offsetMinutes] = match.slice(1).map(Number);
  return (
    between(year!, -292275054, 292278993) &&
    between(month!, 1, 12) &&
    between(day!, 1, 31) &&
    between(hours!, 0, 23) &&
    between(minutes!, 0, 59) &&
    between(seconds!, 0, 59) &&
    between(offsetHours!, 0, 23) &&
    between(offsetMinutes!, 0, 59)
  );
}

/** Parts that are not there are NaN and pass. */
function between(value: number, least: number, most: number): boolean {
  return Number.isNaN(value) || (value >= least && value <= most);
}

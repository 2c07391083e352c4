/**
 * Whether the engine can read a value of a condition as what its operator compares. What it reads was observed on AWS,
 * September 2026.
 */
import { isPolicyDate } from "../grammar/dates.ts";
import type { ValueType } from "../grammar/operators.ts";
import { isNumber } from "../grammar/values.ts";
import { addressBlock, whyEmpty } from "./addresses.ts";
import { cutAtColons } from "../grammar/segments.ts";

/** In the one spelling that encoding gives: padded, and with zeros for the bits beyond the last byte. */
export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(text);
}

/** Six parts, of which the first is `arn`. */
export function isArnPattern(text: string): boolean {
  const parts = cutAtColons(text);
  return parts.length >= 6 && parts[0] === "arn";
}

/** Whether a literal can be equal to something in a request; one with a variable can. */
export function canMatch(type: ValueType, text: string): boolean {
  if (text.includes("${")) return true;
  switch (type) {
    case "Numeric":
      return isNumber(text);
    case "Date":
      return isPolicyDate(text);
    case "Binary":
      return isBase64(text);
    case "IpAddress": {
      const block = addressBlock(text);
      return block !== null && whyEmpty(block, text) === null;
    }
    // A malformed ARN pattern denies.
    case "Arn":
    case "String":
    case "Bool":
    case "Null":
      return true;
  }
}

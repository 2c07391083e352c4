/**
 * Condition values that IAM can read when it stores a policy: numbers, dates, ARNs, addresses and Base64. STS stores session
 * policies whatever their values say, and evaluates them (observed on AWS, September 2026, radkawar/stackd captures).
 */
import type { JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { isPolicyAddress } from "./addresses.ts";
import { isPolicyDate } from "./dates.ts";
import { scalarsOf } from "./elements.ts";
import { parseOperatorName } from "./operators.ts";
import type { ValueType } from "./operators.ts";
import { failsLegacyParsing } from "./resources.ts";

/** Whether IAM can read all values of a statement's conditions. An operator that does not exist is not asked about. */
export function hasReadableValues(statement: JsonObject): boolean {
  const condition = memberOf(statement, "Condition");
  if (condition?.kind !== "object") return true;
  return condition.members.every(({ key, value }) => {
    const type = parseOperatorName(key.value)?.type;
    if (type === undefined || value.kind !== "object") return true;
    return value.members.every((member) => scalarsOf(member.value).every((text) => isReadable(type, text)));
  });
}

/** A decimal number, with an exponent or without. */
export function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A text that is no boolean is stored: it counts as false. Variables stand in strings and ARNs alone. */
function isReadable(type: ValueType, text: string): boolean {
  switch (type) {
    case "Numeric":
      return isNumber(text);
    case "Date":
      return isPolicyDate(text);
    case "IpAddress":
      return isPolicyAddress(text);
    case "Arn":
      return isArnPattern(text);
    case "Binary":
      return base64.test(text);
    case "String":
    case "Bool":
    case "Null":
      return true;
  }
}

/** An ARN, `*`, or a variable that stands for the beginning of one. */
function isArnPattern(text: string): boolean {
  if (text === "*" || text.startsWith("${")) return true;
  const colon = text.indexOf(":");
  const start = text.slice(0, Math.max(colon, 0));
  return (start === "arn" || /[*?]/.test(start)) && !failsLegacyParsing(text);
}

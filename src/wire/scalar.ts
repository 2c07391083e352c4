import { Fault } from "../contracts/fault.ts";

/**
 * Texts of the query protocol as values. A text that does not parse is MalformedInput without a message, before any
 * constraint is looked at (observed on STS).
 */
function malformed(message?: string): Fault {
  return new Fault("MalformedInput", 400, message);
}

const INT32_MAX = 2_147_483_647;
const INT32_MIN = -2_147_483_648;

/** A signed 32-bit decimal. `+900` and `0900` are 900; `900.0` is not a number; the empty text has its own message. */
export function parseInteger(text: string): number {
  if (text === "") throw malformed("missing value for decimal type");
  if (text.length > 64 || !/^[+-]?\d+$/.test(text)) throw malformed();
  const value = Number(text);
  if (value > INT32_MAX || value < INT32_MIN) throw malformed();
  return value + 0;
}

/** `true`, `false`, `1` or `0`, so written: `True`, blanks and the empty text are none (observed on AWS IAM, 2026). */
export function parseBoolean(text: string): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw malformed();
}

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** An ISO 8601 instant with its zone. */
export function parseTimestamp(text: string): Date {
  const instant = ISO_8601.test(text) ? new Date(text) : undefined;
  if (instant === undefined || Number.isNaN(instant.getTime())) throw malformed();
  return instant;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes in base64 with padding (RFC 4648 section 4). */
export function parseBlob(text: string): Uint8Array {
  if (!BASE64.test(text)) throw malformed();
  return Buffer.from(text, "base64");
}

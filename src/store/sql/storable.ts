import type { Value } from "./transaction.ts";

/**
 * Whether both databases keep a value as it is. PostgreSQL refuses a text with NUL and SQLite's bindings end it there;
 * half of a surrogate pair becomes another character in UTF-8; a number beyond 64 bits, or broken, is no integer.
 */
export function isStorable(value: Value): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  return typeof value !== "number" || Number.isSafeInteger(value);
}

/** A list for `inJsonList`. What cannot be stored is in no row, and PostgreSQL would refuse the whole list for it. */
export function jsonList(values: readonly string[]): string {
  return JSON.stringify(values.filter(isStorable));
}

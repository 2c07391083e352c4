import type { Bindings } from "./template.ts";

/** How an answer differs from the recorded one, a line each; members must be the same, neither fewer nor more. */
export function differences(recorded: unknown, answered: unknown, bindings: Bindings, at = ""): string[] {
  const value = typeof answered === "string" && isObject(recorded) ? documentOf(answered) : answered;
  if (typeof recorded === "string" && isScalar(value)) {
    return bindings.take(recorded, String(value)) ? [] : [`${at}: ${recorded} was recorded, not ${value}`];
  }
  if (Array.isArray(recorded) && Array.isArray(value)) {
    if (recorded.length !== value.length) return [`${at}: ${recorded.length} items were recorded, not ${value.length}`];
    return recorded.flatMap((item, index) => differences(item, value[index], bindings, `${at}.${index}`));
  }
  if (isObject(recorded) && isObject(value)) {
    return membersOf(recorded, value).flatMap((name) => {
      if (!(name in value)) return [`${at}.${name} is missing`];
      if (!(name in recorded)) return [`${at}.${name} was not recorded`];
      return differences(recorded[name], value[name], bindings, `${at}.${name}`);
    });
  }
  return Object.is(recorded, value) ? [] : [`${at}: ${show(recorded)} was recorded, not ${show(value)}`];
}

/** The same where the recording has a part of the answer: its members, and of their lists the items that matter to it. */
export function differencesAmong(recorded: object, answered: object, bindings: Bindings): string[] {
  return Object.entries(recorded).flatMap(([name, value]: [string, unknown]) => {
    const whole = (answered as Readonly<Record<string, unknown>>)[name];
    if (!Array.isArray(value) || !Array.isArray(whole)) return differences(value, whole, bindings, `.${name}`);
    return value.flatMap((item, index) => {
      const tried = whole.map((one) => bindings.attempt(() => differences(item, one, bindings, `.${name}.${index}`)));
      const [closest = [`.${name}.${index} is missing`]] = tried.toSorted((a, b) => a.length - b.length);
      return closest;
    });
  });
}

function membersOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A policy document, which the wire carries percent-encoded. */
function documentOf(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return text;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

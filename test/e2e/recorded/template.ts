import { shownCode } from "../../harness/shown-code.ts";

/**
 * What a recording leaves open: ids, times and names stand in it as placeholders, `<user-id:1>`. The first value that is
 * seen in a placeholder's place is its value from then on, in answers and in requests.
 */

const placeholder = /<[^<>]+>/g;

/** Placeholders that mean no particular value. */
const any: Readonly<Record<string, string>> = {
  "<datetime>": "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ",
};

/** The account that recordings are written for. */
const recordedAccount = "111111111111";

export class Bindings {
  #values: Map<string, string>;
  readonly #account: string;

  constructor(account: string, given: Readonly<Record<string, string>> = {}) {
    this.#account = account;
    this.#values = new Map([["<partition>", "aws"], ...Object.entries(given)]);
  }

  /** A request's value with every placeholder filled; a name that nobody has given yet is made from the placeholder. */
  fill(value: unknown): unknown {
    if (typeof value === "string") return this.#filled(value);
    if (Array.isArray(value)) return value.map((item) => this.fill(item));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.fill(member)]));
  }

  #filled(text: string): string {
    return text.replaceAll(recordedAccount, this.#account).replaceAll(placeholder, (name) => {
      const [, steps, seed] = /^<code (-?\d+) of (.+)>$/.exec(name) ?? [];
      if (seed !== undefined) return shownCode(base32In(this.#values.get(`<${seed}>`)!), Number(steps));
      const value = this.#values.get(name) ?? madeName(name);
      this.#values.set(name, value);
      return value;
    });
  }

  /** Runs a comparison, whose placeholders keep their values only where it finds nothing. */
  attempt(compare: () => string[]): string[] {
    const before = new Map(this.#values);
    const found = compare();
    if (found.length > 0) this.#values = before;
    return found;
  }

  /** Gives a placeholder its value. */
  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** Whether a text is what a recorded text says; it then gives the placeholders in it their values. */
  take(recorded: string, text: string): boolean {
    const names: string[] = [];
    const pattern = recorded
      .replaceAll(recordedAccount, this.#account)
      .split(/(<[^<>]+>)/)
      .map((part) => this.#patternOf(part, names))
      .join("");
    const values = new RegExp(`^${pattern}$`, "su").exec(text)?.slice(1);
    if (values === undefined) return false;
    for (const [index, name] of names.entries()) this.#values.set(name, values[index]!);
    return true;
  }

  #patternOf(part: string, names: string[]): string {
    if (!/^<[^<>]+>$/.test(part)) return literally(part);
    const known = any[part] ?? this.#values.get(part);
    if (known !== undefined) return any[part] ?? literally(known);
    const before = names.indexOf(part);
    if (before >= 0) return `\\${before + 1}`;
    names.push(part);
    return "(.+?)";
  }
}

/** A seed as XML has it. */
function base32In(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

/** Long enough to pass for an ARN, where a length is all that is looked at. */
function madeName(name: string): string {
  return `${name.slice(1, -1).replaceAll(/[^a-z0-9]/gi, "-")}-of-the-replay`;
}

function literally(text: string): string {
  return text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
}

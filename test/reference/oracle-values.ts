/** The oracle's values: how those of a request and of a policy are read and compared, as naive as the rest of it. */
import { isIP } from "node:net";

export type Context = ReadonlyMap<string, string | readonly string[]>;

export const isTrue = (value: string): boolean => value.toLowerCase() === "true";
const isArn = (value: string): boolean => /^arn:(?:[^:]*:){4}/.test(value);

/** Values that are not of these types match neither an operator nor its negation. */
export const readable: Record<string, (seen: string) => boolean> = {
  ArnEquals: isArn,
  ArnLike: isArn,
  IpAddress: (seen) => address(seen) !== undefined,
};

/** Value of the request, value of the policy; what cannot be read as the operator's type equals nothing. */
export const comparisons: Record<string, (seen: string, wanted: Cell[]) => boolean> = {
  StringEquals: (seen, wanted) => seen === text(wanted),
  StringEqualsIgnoreCase: (seen, wanted) => lower(seen) === lower(text(wanted)),
  StringLike: (seen, wanted) => glob(wanted, seen),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (seen, wanted) => isTrue(seen) === isTrue(text(wanted)),
  BinaryEquals: (seen, wanted) => isBase64(seen) && isBase64(text(wanted)) && seen === text(wanted),
  IpAddress: (seen, wanted) => inRange(seen, text(wanted)),
  ...ordered("Numeric", decimal),
  ...ordered("Date", instant),
};

function ordered(type: string, read: (text: string) => bigint | undefined): typeof comparisons {
  const by = (holds: (a: bigint, b: bigint) => boolean) => (seen: string, wanted: Cell[]) => {
    const [a, b] = [read(seen), read(text(wanted))];
    return a !== undefined && b !== undefined && holds(a, b);
  };
  return {
    [`${type}Equals`]: by((a, b) => a === b),
    [`${type}LessThan`]: by((a, b) => a < b),
    [`${type}LessThanEquals`]: by((a, b) => a <= b),
    [`${type}GreaterThan`]: by((a, b) => a > b),
    [`${type}GreaterThanEquals`]: by((a, b) => a >= b),
  };
}

/** Lower case, but for characters beyond the first plane. */
function lower(source: string): string {
  const [small, large] = [[...source.toLowerCase()], [...source].filter((char) => char.length > 1)];
  return small.map((char) => (char.length > 1 ? large.shift() : char)).join("");
}

/** A decimal number, exactly: as many 10⁻¹⁰⁰⁰. */
function decimal(source: string): bigint | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(source);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (whole + fraction === "") return undefined;
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(1000 - fraction.length + Number(exponent));
}

/** Milliseconds of an ISO 8601 date (four digits are a year; no zone is UTC) or of epoch seconds; finer parts are cut off. */
function instant(source: string): bigint | undefined {
  if (/^[+-]?\d+(\.\d+)?$/.test(source) && !/^\d{4}$/.test(source)) return decimal(source)! / 10n ** 997n;
  const form =
    /^(\d{4}(?:-\d\d(?:-(\d\d))?)?)(?:T((?:[01]\d|2[0-3]):\d\d(?::\d\d(\.\d+)?)?)(?:Z|([+-]\d\d):?(\d\d))?)?$/i;
  const [, date, day, time, fraction = "", hours, minutes] = form.exec(source) ?? [];
  if (date === undefined || (time !== undefined && day === undefined)) return undefined;
  if (new Date(date).getUTCDate() !== Number(day ?? 1)) return undefined; // February 30th is not March 1st
  const whole = Date.parse(time ? `${date}T${time.replace(fraction, "")}${hours ? `${hours}:${minutes}` : "Z"}` : date);
  return Number.isNaN(whole) ? undefined : BigInt(whole) + BigInt(fraction.slice(1, 4).padEnd(3, "0"));
}

/** What encoding gives: padded, with zeros beyond the last byte. */
function isBase64(source: string): boolean {
  return /^[A-Za-z0-9+/=]*$/.test(source) && source.length % 4 === 0 && btoa(atobOr(source)) === source;
}

function atobOr(source: string): string {
  try {
    return atob(source);
  } catch {
    return "not Base64";
  }
}

/** An address as its bits. Leading zeros are decimal; an empty group is zero, and a colon at the end is nothing. */
function bits(source: string): string | undefined {
  const four = source.replaceAll(/(?<![^.])0+(?=\d)/g, "");
  if (isIP(four) === 4)
    return four
      .split(".")
      .map((part) => binary(Number(part), 8))
      .join("");
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(source);
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number) as [number, number, number, number];
    const found =
      isIP(source) === 6 ? bits(`${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`) : undefined;
    return found !== undefined && mapped.test(found) ? found : undefined; // no others are written so
  }
  const six = source
    .replace(/^:(?!:)/, "0:")
    .replace(":::", "::")
    .replace(/(?<=[^:]):$/, "");
  if (/::.*::/.test(source) || six.includes("%") || isIP(six) !== 6) return undefined;
  const [head, tail] = six.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = tail === undefined ? [] : Array<string>(8 - head!.length - tail.length).fill("0");
  return [...head!, ...zeros, ...(tail ?? [])].map((group) => binary(Number.parseInt(group, 16), 16)).join("");
}

const binary = (value: number, width: number): string => value.toString(2).padStart(width, "0");
const mapped = /^0{80}1{16}/;

/** The request's address; an IPv4 address in IPv6 form is the IPv4 address. */
function address(source: string): string | undefined {
  return bits(source)?.replace(mapped, "");
}

/** A bare address is a host; the policy's networks are taken as written, and those of IPv6 have no host bits. */
function inRange(seen: string, range: string): boolean {
  const [network = "", length = "128", ...more] = range.split("/");
  const [host, wanted] = [address(seen), bits(network)];
  if (host === undefined || wanted === undefined || host.length !== wanted.length || more.length > 0) return false;
  const prefix = range.includes("/") ? Number(/^\+?\d+$/.exec(length)?.[0] ?? NaN) : wanted.length;
  if (!(prefix <= wanted.length) || (wanted.length === 128 && wanted.slice(prefix).includes("1"))) return false;
  return host.slice(0, prefix) === wanted.slice(0, prefix);
}

/** A character of a pattern; literal: neither a wildcard nor a separator, because a variable put it there. */
export type Cell = { readonly char: string; readonly literal: boolean };

export function plain(source: string, literal = false): Cell[] {
  return source.split("").map((char) => ({ char, literal }));
}
export function text(pattern: Cell[]): string {
  return pattern.map((cell) => cell.char).join("");
}

/** Puts in policy variables (reference_policies_variables); undefined when one has no value. Multivalued keys have none. */
export function resolve(source: string, context: Context, variables: boolean): Cell[] | undefined {
  if (!variables) return plain(source);
  const cells: Cell[] = [];
  for (const part of source.split(/(\$\{[^}]*\})/)) {
    const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
    const [, key, fallback] = /^(.*), '(.*)'$/.exec(name ?? "") ?? [undefined, name, undefined];
    const fixed = name === undefined ? part : /^[*?$]$/.test(name) ? name : undefined;
    const value = fixed ?? context.get(key!.toLowerCase()) ?? fallback;
    if (typeof value !== "string") return undefined;
    cells.push(...plain(value, name !== undefined));
  }
  return cells;
}

/** In an ARN's first five parts only a star that ends its part goes on beyond it (reference_policies_elements_resource). */
export function glob(pattern: Cell[] | undefined, value: string, arn = false): boolean {
  if (pattern === undefined) return false;
  let colons = 0;
  const one = ({ char, literal }: Cell, at: number) => {
    if (char === ":") colons++;
    if (literal || (char !== "*" && char !== "?")) return char.replace(/[^A-Za-z0-9]/, "\\$&");
    const ends = char === "*" && (pattern[at + 1]?.char ?? ":") === ":";
    const any = arn && colons < 5 && !ends ? "[^:]" : "[^]";
    return char === "*" ? `${any}*` : any;
  };
  return new RegExp(`^${pattern.map(one).join("")}$`).test(value);
}

/** Six parts as the policy wrote them, or an ARN out of variables alone. */
export function isArnPattern(wanted: Cell[]): boolean {
  if (!isArn(text(wanted))) return false;
  return wanted.every((cell) => cell.literal) || (partsOf(wanted).length === 6 && isSplitBy(wanted));
}

/** Whether a policy's text is no ARN, whatever its variables stand for: too few parts, and not variables alone. */
export function isNever(wanted: string, variables: boolean): boolean {
  const fixed = variables ? wanted.replaceAll(/\$\{[^}]*\}/g, "") : wanted;
  return (fixed !== "" || wanted === "") && fixed.split(":").length < 6;
}

/** Whether the first five colons are the policy's own. */
function isSplitBy(wanted: Cell[]): boolean {
  return wanted
    .filter((cell) => cell.char === ":")
    .slice(0, 5)
    .every((cell) => !cell.literal);
}

function partsOf(wanted: Cell[]): Cell[][] {
  const parts: Cell[][] = [[]];
  for (const cell of wanted) {
    if (cell.char === ":" && !cell.literal && parts.length < 6) parts.push([]);
    else parts.at(-1)!.push(cell);
  }
  return parts;
}

/** Each part matched by itself; the last may hold colons. */
function arnLike(seen: string, wanted: Cell[]): boolean {
  if (wanted.every((cell) => cell.literal)) return seen === text(wanted);
  const [a = "", b = "", c = "", d = "", e = "", ...rest] = seen.split(":");
  const parts = partsOf(wanted);
  return [a, b, c, d, e, rest.join(":")].every((value, i) => glob(parts[i], value));
}

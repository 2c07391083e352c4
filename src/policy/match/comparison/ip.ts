/**
 * IP address operators: IPv4 and IPv6 ranges in CIDR form; a bare address is that one host
 * (reference_policies_elements_condition_operators#Conditions_IPAddress). Addresses are compared by value. IPv4 and
 * IPv6 are two families: an IPv4 address written as ::ffff:a.b.c.d is an IPv6 address here, and whoever takes it
 * from a dual-stack socket gives the engine the plain form.
 */
import { Comparison, takenApart } from "./comparison.ts";

/** An address as words: one of 32 bits for IPv4, eight of 16 bits for IPv6. */
type Address = readonly number[];

interface Range {
  readonly address: Address;
  readonly prefix: number;
}

export const ipAddress = Comparison.of<Address, Range>({
  variables: false,
  // Eight groups of IPv6, the last two as IPv4 (RFC 4291 section 2.2).
  longest: 45,
  readSteps: takenApart,
  read: readAddress,
  prepare: ({ text }) => readRange(text),
  fits: (seen, { address, prefix }) => seen.length === address.length && samePrefix(seen, address, prefix),
});

function samePrefix(a: Address, b: Address, prefix: number): boolean {
  const width = a.length === 1 ? 32 : 16;
  let left = prefix;
  for (let index = 0; left > 0; index++) {
    const shift = left >= width ? 0 : width - left;
    if (a[index]! >>> shift !== b[index]! >>> shift) return false;
    left -= width;
  }
  return true;
}

function readRange(text: string): Range | null {
  const slash = text.indexOf("/");
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const most = address.length === 1 ? 32 : 128;
  if (slash < 0) return { address, prefix: most };
  const prefix = text.slice(slash + 1);
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most ? { address, prefix: Number(prefix) } : null;
}

function readAddress(text: string): Address | null {
  if (text.includes(":")) return readIpv6(text);
  const address = readIpv4(text);
  return address === null ? null : [address];
}

/**
 * Four decimal numbers; a leading zero is refused, because some read it as octal. Read by hand: addresses are in most
 * requests, and this is several times faster than splitting the text.
 */
function readIpv4(text: string): number | null {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === dot) {
      if (digits === 0 || ++dots > 3) return null;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = unit - zero;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return null;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return null;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : null;
}

const dot = 46;
const zero = 48;

/** RFC 4291 section 2.2: groups of 16 bits, one `::` for a run of zeros, an IPv4 tail. */
function readIpv6(text: string): Address | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = readGroups(halves[0]!, halves.length === 1);
  if (head === null) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  const tail = readGroups(halves[1]!, true);
  if (tail === null || head.length + tail.length > 7) return null;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function readGroups(text: string, last: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes(".")) {
      const tail = readIpv4(part);
      if (tail === null) return null;
      groups.push(tail >>> 16, tail & 0xffff);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

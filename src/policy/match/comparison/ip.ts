/**
 * IP address operators: IPv4 and IPv6 ranges in CIDR form; a bare address is that one host
 * (reference_policies_elements_condition_operators#Conditions_IPAddress). Addresses are compared by value, each family
 * for itself: `::/0` covers no IPv4. What is read and what is not was observed on AWS, September 2026: the request's
 * ::ffff:a.b.c.d is the IPv4 address, while the policy's network of such addresses covers nothing; an IPv4 network may
 * have host bits, an IPv6 network may not.
 */
import { Comparison, Fit, takenApart } from "./comparison.ts";

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
  unreadable: Fit.never,
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
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = written.includes(":") ? readIpv6(written) : readIpv4(written);
  if (address === null) return null;
  const most = address.length === 1 ? 32 : 128;
  const prefix = slash < 0 ? most : readPrefix(text.slice(slash + 1), most);
  if (prefix === null || (address.length > 1 && hasHostBits(address, prefix))) return null;
  return { address, prefix };
}

/** Leading zeros and a plus are read. */
function readPrefix(text: string, most: number): number | null {
  return /^\+?\d+$/.test(text) && Number(text) <= most ? Number(text) : null;
}

function hasHostBits(address: Address, prefix: number): boolean {
  return address.some((group, index) => (group & (0xffff >> Math.min(16, Math.max(0, prefix - 16 * index)))) !== 0);
}

function readAddress(text: string): Address | null {
  if (!text.includes(":")) return readIpv4(text);
  const groups = text.includes(".") ? readDotted(text) : readIpv6(text);
  return groups !== null && isMapped(groups) ? [groups[6]! * 0x1_0000 + groups[7]!] : groups;
}

/** RFC 4291 section 2.5.5.2 */
function isMapped(groups: Address): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** ::ffff:a.b.c.d; other addresses with an IPv4 tail are not read. */
function readDotted(text: string): Address | null {
  const tail = text.lastIndexOf(":") + 1;
  const address = readIpv4(text.slice(tail));
  if (address === null) return null;
  const [value] = address as [number];
  const groups = readIpv6(`${text.slice(0, tail)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`);
  return groups !== null && isMapped(groups) ? groups : null;
}

/**
 * Four decimal numbers; leading zeros are no octal. Read by hand: addresses are in most requests, and this is several
 * times faster than splitting the text.
 */
function readIpv4(text: string): Address | null {
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
    if (digit < 0 || digit > 9) return null;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return null;
  }
  return dots === 3 && digits > 0 ? [value * 256 + part] : null;
}

const dot = 46;
const zero = 48;

/**
 * RFC 4291 section 2.2: eight groups of 16 bits, one `::` for a run of zeros. AWS reads some more: an empty group is zero,
 * and a colon at an end is nothing (`2001:db8:::1`, `2001:db8::1:`).
 */
function readIpv6(text: string): Address | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = readGroups(halves[0]!);
  if (head === null) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  const tail = readGroups(halves[1]!);
  if (tail === null || head.length + tail.length > 7) return null;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function readGroups(text: string): number[] | null {
  const written = text.replace(/:+$/, "");
  if (written === "") return [];
  const groups: number[] = [];
  for (const part of written.split(":")) {
    if (!/^[0-9A-Fa-f]{0,4}$/.test(part)) return null;
    groups.push(part === "" ? 0 : Number.parseInt(part, 16));
  }
  return groups;
}

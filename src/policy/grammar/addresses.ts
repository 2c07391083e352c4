/**
 * IP addresses and networks as IAM takes them into a stored policy (observed on AWS, September 2026, radkawar/stackd
 * captures): octets and lengths may have leading zeros, which are decimal; an IPv4 network may have bits set behind its
 * length, an IPv6 network may not.
 */

/** Whether a value of an IpAddress condition is one that AWS stores. */
export function isPolicyAddress(text: string): boolean {
  const slash = text.indexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? null : lengthOf(text.slice(slash + 1));
  if (!host.includes(":")) return isIpv4(host) && (slash < 0 || (length !== null && length <= 32));
  const groups = ipv6Groups(host);
  if (groups === null || slash < 0) return groups !== null;
  return length !== null && length <= 128 && isClearAfter(groups, length);
}

function lengthOf(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => /^\d+$/.test(octet) && Number(octet) <= 255);
}

/** The eight groups of an address, the last two written as IPv4 or not (RFC 4291 section 2.2); null when it is none. */
function ipv6Groups(text: string): number[] | null {
  const colon = text.lastIndexOf(":");
  const tail = text.slice(colon + 1);
  if (tail.includes(".")) {
    if (!isIpv4(tail)) return null;
    const [a, b, c, d] = tail.split(".").map(Number) as [number, number, number, number];
    return ipv6Groups(`${text.slice(0, colon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, end] = halves.map((half) => (half === "" ? [] : half.split(":"))) as [string[], string[]?];
  const written = [...head, ...(end ?? [])];
  if (!written.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  if (end === undefined ? written.length !== 8 : written.length > 7) return null;
  const zeros = Array.from({ length: 8 - written.length }, () => "0");
  return [...head, ...zeros, ...(end ?? [])].map((group) => Number.parseInt(group, 16));
}

function isClearAfter(groups: readonly number[], length: number): boolean {
  return groups.every((group, index) => {
    const kept = Math.min(16, Math.max(0, length - 16 * index));
    return (group & (0xffff >> kept)) === 0;
  });
}

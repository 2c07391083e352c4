/** IP addresses and CIDR blocks as numbers, for findings about ranges. */
export interface AddressBlock {
  readonly bits: 32 | 128;
  readonly address: bigint;
  readonly prefix: number;
  /** The block with the bits after the prefix cleared; null when it was written so. */
  readonly canonical: string | null;
}

/** Reads an address or block; null when the text is neither. A bare address is a block of one. */
export function addressBlock(text: string): AddressBlock | null {
  const [host = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || (length !== undefined && !/^\d+$/.test(length))) return null;
  const bits = host.includes(":") ? 128 : 32;
  const address = bits === 32 ? readV4(host) : readV6(host);
  const prefix = length === undefined ? bits : Number(length);
  if (address === null || prefix > bits) return null;
  const ignored = BigInt(bits - prefix);
  const cleared = (address >> ignored) << ignored;
  const canonical = cleared === address ? null : `${bits === 32 ? printV4(cleared) : printV6(cleared)}/${prefix}`;
  return { bits, address, prefix, canonical };
}

/**
 * Why no address lies in a block, though it is one; null where some do. What the engine reads and compares was observed on
 * AWS, September 2026.
 */
export function whyEmpty({ bits, address, prefix, canonical }: AddressBlock, text: string): string | null {
  if (bits === 32) return null;
  if (text.includes(".")) return "an IPv6 address with a dotted tail is not read";
  if (canonical !== null) return `bits are set behind its length, write ${canonical}`;
  const mapped = prefix >= 96 && address >> 32n === 0xffffn;
  return mapped ? "a request's mapped IPv4 address is compared as IPv4, write the IPv4 range" : null;
}

/** Leading zeros are decimal, as AWS reads them. */
function readV4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, section 2.2, the embedded IPv4 form included. */
function readV6(text: string): bigint | null {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded !== null) {
    const tail = readV4(embedded[2]!);
    return tail === null
      ? null
      : readV6(`${embedded[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null;
  const groups = [...head, ...Array<string>(gap).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function printV4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
}

function printV6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return groups.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
}

/** RFC 1918, loopback and link-local; RFC 4193 and link-local of IPv6. */
const privateBlocks = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
]
  .map(addressBlock)
  .filter((block) => block !== null);

/** Whether a block lies within the addresses that are not on the public Internet. */
export function isPrivate(block: AddressBlock): boolean {
  return privateBlocks.some((known) => {
    if (known.bits !== block.bits || block.prefix < known.prefix) return false;
    const ignored = BigInt(known.bits - known.prefix);
    return known.address >> ignored === block.address >> ignored;
  });
}

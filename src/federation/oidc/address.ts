import { BlockList, isIP } from "node:net";

/**
 * Who is reached at an address: `public` the internet; `private` this machine or a network of its owner; `reserved` what
 * nobody serves tokens from, and where clouds keep the credentials of their machines.
 */
export type Reach = "public" | "private" | "reserved";

type Subnet = readonly [address: string, prefix: number];

function listOf(family: "ipv4" | "ipv6", subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, family);
  return list;
}

/** Networks that are somebody's own (RFC 1918, RFC 6598, RFC 1122 §3.2.1.3), and such that examples have (RFC 5737). */
const privateV4 = listOf("ipv4", [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
]);

/**
 * This host, link-local, multicast, class E and broadcast (RFC 6890), and where clouds keep metadata outside of
 * link-local: Alibaba Cloud, Azure's platform, Oracle Cloud.
 */
const reservedV4 = listOf("ipv4", [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["192.0.0.192", 32],
]);

/** Loopback and unique local addresses (RFC 4291 §2.5.3, RFC 4193). */
const privateV6 = listOf("ipv6", [
  ["::1", 128],
  ["fc00::", 7],
]);

/** Metadata of EC2 and of Google Cloud, within the unique local ones. */
const metadataV6 = listOf("ipv6", [
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128],
]);

/** What is routed (RFC 4291 §2.4), without tunnels to addresses of version 4, protocols' own and examples (RFC 6890, 9637). */
const globalV6 = listOf("ipv6", [["2000::", 3]]);
const specialV6 = listOf("ipv6", [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
]);

/** IPv4 written as IPv6 (RFC 4291 §2.5.5.2), and through a translator (RFC 6052 §2.1): both are the address within. */
const embeddingV6 = listOf("ipv6", [
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
]);

/** @param address of either version; a text that is none is `reserved` */
export function reachOf(address: string): Reach {
  switch (isIP(address)) {
    case 4:
      return reachOfV4(address);
    case 6:
      // A zone is of link-local addresses (RFC 4007).
      return address.includes("%") ? "reserved" : reachOfV6(address);
    default:
      return "reserved";
  }
}

function reachOfV4(address: string): Reach {
  if (reservedV4.check(address, "ipv4")) return "reserved";
  return privateV4.check(address, "ipv4") ? "private" : "public";
}

function reachOfV6(address: string): Reach {
  if (embeddingV6.check(address, "ipv6")) return reachOfV4(lastFourBytes(address));
  if (metadataV6.check(address, "ipv6")) return "reserved";
  if (privateV6.check(address, "ipv6")) return "private";
  return globalV6.check(address, "ipv6") && !specialV6.check(address, "ipv6") ? "public" : "reserved";
}

/** As an address of version 4. */
function lastFourBytes(address: string): string {
  // The URL standard has one form for each address: groups of hexadecimal digits, of which a run of zeros may be left out.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(":");
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group === "" ? "0" : group, 16)) as [
    number,
    number,
  ];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

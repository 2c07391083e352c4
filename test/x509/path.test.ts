/** Chains of every form, made here, and the index of the certificate that does not hold. */
import { expect, it } from "vitest";

import { certificateOf } from "../../src/x509/certificate.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { brokenLink, notAnchored } from "../../src/x509/path.ts";
import { issue } from "../harness/certificate.ts";
import type { Issued, Wanted } from "../harness/certificate.ts";

const root = issue({ name: "root", authority: true, keyUsage: 0x04 });
const authority = (name: string, issuer: Issued, more: Wanted = {}) =>
  issue({ name, issuer, authority: true, keyUsage: 0x04, ...more });
const middle = authority("middle", root);
const leaf = issue({ name: "leaf", issuer: middle });
const direct = issue({ name: "direct", issuer: root });
const rsaRoot = issue({ name: "rsa root", type: "rsa", authority: true });
const ends = authority("ends", root, { pathLength: 0 });
const below = authority("below", ends);
/** As an authority that changes its key signs the new one with the old. */
const changed = issue({ name: "ends", issuer: ends, authority: true, keyUsage: 0x04 });
const plain = issue({ name: "plain", issuer: root });
const cannotSign = issue({ name: "cannot sign", issuer: root, authority: true, keyUsage: 0x80 });
const late = authority("late", root, { from: -9, until: -1 });
const early = authority("early", root, { from: 1, until: 9 });
const pretender = issue({ name: "root", authority: true, keyUsage: 0x04 });
const selfMade = issue({ name: "self" });
const selfMadeAuthority = issue({ name: "self", authority: true });
const short = issue({ name: "short", authority: true, pathLength: 0 });
const belowShort = authority("below short", short);

const good: readonly [string, readonly Issued[]][] = [
  ["a leaf and its issuer, which need not be a root", [leaf, middle]],
  ["up to the root", [leaf, middle, root]],
  ["the root once more", [leaf, middle, root, root]],
  ["issued by the root", [direct, root]],
  ["an elliptic curve below RSA", [issue({ name: "mixed", issuer: rsaRoot }), rsaRoot]],
  ["RSA below an elliptic curve", [issue({ name: "mixed", type: "rsa", issuer: root }), root]],
  ["a self-signed authority in its own chain", [selfMadeAuthority, selfMadeAuthority]],
  ["as many authorities as one allows", [issue({ name: "x", issuer: ends }), ends, root]],
  ["a changed key of the same authority counts for none", [issue({ name: "x", issuer: changed }), changed, ends, root]],
];

const broken: readonly [string, readonly Issued[], number][] = [
  ["a chain that is somebody else's", [leaf, rsaRoot], notAnchored],
  ["an intermediate left out", [leaf, root], notAnchored],
  ["the order reversed", [leaf, root, middle], notAnchored],
  ["a leaf as the end of its chain", [leaf, leaf], notAnchored],
  ["a self-signed certificate that is no authority, in its own chain", [selfMade, selfMade], notAnchored],
  ["the end is no authority", [issue({ name: "x", issuer: plain }), plain], notAnchored],
  ["the end may not sign certificates", [issue({ name: "x", issuer: cannotSign }), cannotSign], notAnchored],
  ["a leaf in its own chain", [leaf, leaf, middle], 1],
  ["an intermediate that is no authority", [issue({ name: "x", issuer: plain }), plain, root], 1],
  ["an intermediate that may not sign", [issue({ name: "x", issuer: cannotSign }), cannotSign, root], 1],
  ["an intermediate that has ended", [issue({ name: "x", issuer: late }), late, root], 1],
  ["an intermediate that has not begun", [issue({ name: "x", issuer: early }), early, root], 1],
  ["an authority too many", [issue({ name: "x", issuer: below }), below, ends, root], 1],
  ["an authority too many below the end", [issue({ name: "x", issuer: belowShort }), belowShort, short], 1],
  ["a root of the same name with another key", [direct, pretender], 0],
  ["an intermediate of another root of the same name", [leaf, middle, pretender], 1],
  ["a body that the rest does not concern", [direct, middle, root], 0],
];

it.each(good)("holds: %s", async (_, path) => {
  expect(await brokenLink(path.map(read), Date.now())).toBeNull();
});

it.each(broken)("does not hold: %s", async (_, path, index) => {
  expect(await brokenLink(path.map(read), Date.now())).toBe(index);
});

function read({ cert }: Issued): Certificate {
  return certificateOf(cert)!;
}

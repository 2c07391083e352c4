import { describe, expect, it } from "vitest";
import { addressBlock, isPrivate } from "../../../src/policy/validate/addresses.ts";
import { coverage, coverageOfAll } from "../../../src/policy/validate/covers.ts";
import { isKey } from "../../../src/policy/validate/services.ts";
import { didYouMean, nearest } from "../../../src/text/nearest.ts";

describe("addressBlock", () => {
  it.each([
    ["10.0.0.1", 32, 0x0a000001n, 32, null],
    ["255.254.0.9", 32, 0xfffe0009n, 32, null],
    ["010.0.0.1/0008", 32, 0x0a000001n, 8, "10.0.0.0/8"],
    ["10.0.0.0/8", 32, 0x0a000000n, 8, null],
    ["10.0.0.1/8", 32, 0x0a000001n, 8, "10.0.0.0/8"],
    ["203.0.113.129/25", 32, 0xcb007181n, 25, "203.0.113.128/25"],
    ["0.0.0.0/0", 32, 0n, 0, null],
    ["1.2.3.4/0", 32, 0x01020304n, 0, "0.0.0.0/0"],
    ["::", 128, 0n, 128, null],
    ["::1", 128, 1n, 128, null],
    ["2001:DB8::1/32", 128, 0x20010db8_00000000_00000000_00000001n, 32, "2001:db8::/32"],
    ["1:2:3:4:5:6:7:8/64", 128, 0x00010002_00030004_00050006_00070008n, 64, "1:2:3:4::/64"],
    ["1:2:3:4:5:6:7::", 128, 0x00010002_00030004_00050006_00070000n, 128, null],
    ["::2:3:4:5:6:7:8", 128, 0x00000002_00030004_00050006_00070008n, 128, null],
    ["1:2:3:4:5:6:7:8/0", 128, 0x00010002_00030004_00050006_00070008n, 0, "::/0"],
    ["::ffff:10.1.2.3/112", 128, 0xffff_0a010203n, 112, "::ffff:a01:0/112"],
    ["1::5:6:7:8/127", 128, 0x00010000_00000000_00050006_00070008n, 127, null],
    ["1::5:6:0:9/127", 128, 0x00010000_00000000_00050006_00000009n, 127, "1::5:6:0:8/127"],
  ] as const)("reads %s", (text, bits, address, prefix, canonical) => {
    expect(addressBlock(text)).toEqual({ bits, address, prefix, canonical });
  });

  it.each([
    "",
    "/8",
    "10.0.0",
    "10.0.0.0.0",
    "10.0.0.256",
    "10.0.0.999",
    "10.0.0.1000",
    "10.0.0.",
    "10.0.0.a",
    "a10.0.0.1",
    "10.0.0.1/33",
    "10.0.0.1/",
    "10.0.0.1/x8",
    "10.0.0.1/8x",
    "10.0.0.1/8/8",
    "10.0.0.1/-1",
    "::/129",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "g::",
    "x1::",
    "1x::",
    ":1",
    "::ffff:10.0.0.256",
    "10.0.0.1::",
    "fe80::1%eth0",
  ])("does not read %j", (text) => {
    expect(addressBlock(text)).toBeNull();
  });
});

// RFC 1918, RFC 1122 and RFC 3927; RFC 4193 and RFC 4291.
describe("isPrivate", () => {
  it.each([
    ["10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
    ["172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"],
    ["192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
    ["127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
    ["169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"],
    ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff::", "fe00::"],
    ["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe7f::", "fec0::"],
  ])("takes %s to %s, and nothing beside them", (first, last, before, after) => {
    const taken = [first, last, before, after].map((text) => isPrivate(addressBlock(text)!));
    expect(taken).toEqual([true, true, false, false]);
  });

  it("takes a block that lies within, not one that reaches further", () => {
    const blocks = ["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/7", "0.0.0.0/0", "fc00::/7", "fc00::/6", "::/0"];
    expect(blocks.filter((text) => isPrivate(addressBlock(text)!))).toEqual(["10.0.0.0/8", "10.1.0.0/16", "fc00::/7"]);
  });

  it("does not take an address of one family for one of the other", () => {
    expect(isPrivate(addressBlock("::10.0.0.1")!)).toBe(false);
    expect(isPrivate(addressBlock("::a00:1")!)).toBe(false);
  });
});

describe("nearest", () => {
  it.each([
    ["GetObjekt", ["PutObject", "GetObject"], "GetObject"],
    ["GETOBJECT", ["GetObject"], "GetObject"],
    ["abd", ["abc"], "abc"],
    ["abcd", ["abc"], "abc"],
    ["abc", ["abcd"], "abcd"],
    ["bcd", ["abcd"], "abcd"],
    // A third of the letters may be wrong, and three at most.
    ["ab", ["ac"], null],
    ["ade", ["abc"], null],
    ["abcdeXYZ9", ["abcdefghi"], null],
    ["abcdefXYZ", ["abcdefghi"], "abcdefghi"],
    ["abcdefghXYZ0", ["abcdefghijkl"], null],
    ["abcdefghijkl", ["abcdefghi"], "abcdefghi"],
    ["abcdefghijkl", ["abcdefgh"], null],
    // The nearest, and the first of those that are equally near.
    ["abcdef", ["abcdXY", "abcdeX", "abcdeY"], "abcdeX"],
    ["abcdef", [], null],
    ["", ["a"], null],
  ] as const)("of %j among %j is %j", (name, names, expected) => {
    expect(nearest(name, names)).toBe(expected);
  });

  it("is asked for in a sentence of its own", () => {
    expect(didYouMean("s3")).toBe(" Did you mean s3?");
    expect(didYouMean(null)).toBe("");
  });
});

describe("coverage", () => {
  it.each([
    ["*", "", true],
    ["*", "a${x}", true],
    ["s3:*", "s3:*", true],
    ["s3:*", "s3:Get*", true],
    ["s3:*", "s3:Get?", true],
    ["s3:*", "s3:Get${x}", true],
    ["s3:*", "sqs:*", false],
    ["s3:Get*", "s3:*", false],
    ["a*b", "a*b*", false],
    ["a*b", "a*cb", true],
    ["a?", "ab", true],
    ["a?", "a?", true],
    ["a?", "a", false],
    // One character is not any number of them, and a variable may be empty.
    ["a?", "a*", false],
    ["a?*", "a*", false],
    ["a?", "a${x}", false],
    ["a", "a", true],
    ["a", "b", false],
    ["a${x}*", "a${x}*", true],
    ["a${x}*", "a${x}b", false],
  ])("of %j takes in %j: %j", (outer, inner, expected) => {
    expect(coverage(outer)(inner)).toBe(expected);
  });

  it("of several takes in each of others by one of them", () => {
    expect(coverageOfAll(["a*", "b"])(["ab", "b", "a"])).toBe(true);
    expect(coverageOfAll(["a*", "b"])(["ab", "c"])).toBe(false);
    expect(coverageOfAll([])(["a"])).toBe(false);
    expect(coverageOfAll(["a"])([])).toBe(true);
  });
});

describe("isKey", () => {
  it.each([
    ["aws:PrincipalArn", "AWS:principalarn", true],
    ["aws:PrincipalArn", "aws:PrincipalArns", false],
    ["aws:RequestTag/${TagKey}", "aws:requesttag/Team", true],
    ["aws:RequestTag/${TagKey}", "aws:RequestTag/", false],
    ["aws:RequestTag/${TagKey}", "aws:ResourceTag/Team", false],
    ["s3:a/${Name}/Tag", "s3:a/x/tag", true],
    ["s3:a/${Name}/Tag", "s3:a//Tag", false],
    ["s3:a/${Name}/Tag", "s3:a/Tag", false],
    ["s3:a/${Name}/Tag", "s3:a/x/tags", false],
    ["${Provider}:sub", "idp.example:sub", true],
    ["${Provider}:sub", ":sub", false],
    ["${Provider}:sub", "idp.example:aud", false],
  ])("%s: %s is it: %j", (described, written, expected) => {
    expect(isKey(described, written)).toBe(expected);
  });
});

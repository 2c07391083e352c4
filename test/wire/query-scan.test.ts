import { describe, expect, test } from "vitest";
import { charactersRead } from "../harness/characters-read.ts";
import { anyText, fc } from "../harness/property.ts";
import { Fault } from "../../src/contracts/fault.ts";
import { MAX_PARAMETERS, scanQuery } from "../../src/wire/query-scan.ts";

const wellFormed = fc.string({ unit: "grapheme" });

describe("scanQuery", () => {
  test.each([
    ["", []],
    ["a=b", [["a", "b"]]],
    [
      "a=1&b=2&a=3",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    [
      "a&b=&=c",
      [
        ["a", ""],
        ["b", ""],
        ["", "c"],
      ],
    ],
    ["&&a=b&&", [["a", "b"]]],
    ["a=b=c", [["a", "b=c"]]],
    [`a=${"+x%2B".repeat(3000)}`, [["a", " x+".repeat(3000)]]],
    [`a=${"+é\u012B".repeat(5000)}`, [["a", " é\u012B".repeat(5000)]]],
    ["a+b=c+d%2B%20e", [["a b", "c d+ e"]]],
    ["%41=%C3%A9%F0%9F%98%80é", [["A", "é😀é"]]],
    ["a=%00", [["a", "\0"]]],
  ])("%j", (text, expected) => {
    expect([...scanQuery(text)]).toEqual(expected);
    expect([...scanQuery(Buffer.from(text))]).toEqual(expected);
  });

  test.each(["a=%", "a=%4", "a=%zz", "a=%C3", "a=%C0%80", "a=%ED%A0%80", "%FF=a", "a=%F4%90%80%80"])(
    "%j is malformed",
    (text) => {
      expect(() => scanQuery(text)).toThrow(expect.objectContaining({ code: "MalformedQueryString", status: 404 }));
    },
  );

  test("bytes that are not UTF-8 are malformed", () => {
    expect(() => scanQuery(Uint8Array.from([0x61, 0x3d, 0xff]))).toThrow(Fault);
  });

  test("the number of members is bounded; repeated ones do not count", () => {
    const names = Array.from({ length: MAX_PARAMETERS }, (_, i) => `n${i}`);
    expect(scanQuery(names.join("&")).size).toBe(MAX_PARAMETERS);
    expect(scanQuery("x&".repeat(100_000)).size).toBe(1);
    expect(() => scanQuery([...names, "more"].join("&"))).toThrow(Fault);
  });

  test("members that mean nothing are read and not kept, however many", () => {
    const meant = new Set(["Tags", "Action"]);
    const unknown = Array.from({ length: 2 * MAX_PARAMETERS }, (_, i) => `n${i}=&Tag.${i}`).join("&");
    const kept = [...scanQuery(`Action=a&${unknown}&Tags.member.1.Key=k&T%61gs.x=y&Action.b&Tags&Actions`, meant)];
    expect(kept).toEqual([
      ["Action", "a"],
      ["Tags.member.1.Key", "k"],
      ["Tags.x", "y"],
      ["Action.b", ""],
      ["Tags", ""],
    ]);
    expect(() => scanQuery("n=%zz", meant)).toThrow(expect.objectContaining({ code: "MalformedQueryString" }));
  });

  test.each(["x&", "x=&", "%41&"])("each of a hundred thousand characters of %j is looked at a few times", (member) => {
    const body = `a=b&${member.repeat(100_000 / member.length)}`;
    expect(charactersRead(() => scanQuery(body)) / body.length).toBeLessThan(8);
  });

  test("it reads what URLSearchParams writes, first value first", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wellFormed, wellFormed)), (pairs) => {
        const expected = new Map<string, string>();
        for (const [name, value] of pairs) if (!expected.has(name)) expected.set(name, value);
        // A pair of two empty texts is written as "=", which both readers keep as a member without a name.
        expect(scanQuery(new URLSearchParams(pairs).toString())).toEqual(expected);
      }),
    );
  });

  test("any bytes give parameters or a fault", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      anyText().map((s) => Buffer.from(s)),
    );
    const nasty = fc
      .array(fc.constantFrom("%", "&", "=", "+", "%C3", "%A9", "a", ".", "é", "\0"))
      .map((s) => s.join(""));
    fc.assert(
      fc.property(fc.oneof(bytes, nasty), (source) => {
        try {
          expect(scanQuery(source)).toBeInstanceOf(Map);
        } catch (fault) {
          expect(fault).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { foldName } from "../../src/policy/name.ts";

describe("a name without its case", () => {
  it("is in ASCII only where it was before", () => {
    const units = Array.from({ length: 0xffff - 0x7f }, (_, index) => String.fromCharCode(0x80 + index));
    expect(units.filter((name) => /[\0-\x7f]/.test(foldName(name)))).toEqual([]);
  });

  it("is the same in either case", () => {
    expect(foldName("AWS:TokenIssueTime")).toBe("aws:tokenissuetime");
    expect(foldName("aws:RequestTag/\u00c4RGER")).toBe("aws:requesttag/\u00e4rger");
    expect(foldName("aws:To\u212aENIssueTime")).toBe("aws:to\u212aenissuetime");
  });
});

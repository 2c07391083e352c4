import { describe, expect, it } from "vitest";
import { foldName } from "../../src/policy/name.ts";

describe("a name without its case", () => {
  it("is in ASCII only where it was before", () => {
    for (let unit = 0x80; unit <= 0xffff; unit++) {
      const name = String.fromCharCode(unit);
      expect(/[\0-\x7f]/.test(foldName(name)), unit.toString(16)).toBe(false);
    }
  });

  it("is the same in either case", () => {
    expect(foldName("AWS:TokenIssueTime")).toBe("aws:tokenissuetime");
    expect(foldName("aws:RequestTag/\u00c4RGER")).toBe("aws:requesttag/\u00e4rger");
    expect(foldName("aws:To\u212aENIssueTime")).toBe("aws:to\u212aenissuetime");
  });
});

import { describe, expect, it } from "vitest";
import { packedPercent, tagPercent } from "../../../src/services/sts/packed-size.ts";
import { casesIn } from "../../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly percent: number;
  readonly source: string;
}

const noPolicies = { policy: undefined, policyArns: [] };

describe("the size of session tags", () => {
  it.each(casesIn<Case>("services/session-tag-size.jsonl"))("$name: $percent %", ({ tags, percent }) => {
    const given = Object.entries(tags).map(([key, value]) => ({ key, value, transitive: false }));
    expect(tagPercent(given)).toBe(percent);
  });

  it("may be 100 percent, and is none of a server's that does as AWS does since September 2026", () => {
    const ofLength = (length: number) => [{ key: "k", value: "v".repeat(length - 4), transitive: true }];
    expect(packedPercent(ofLength(460), noPolicies, "strict")).toBe(100);
    expect(() => packedPercent(ofLength(465), noPolicies, "strict")).toThrow(
      "Packed size of session tags consumes 101% of allotted space.",
    );
    expect(packedPercent(ofLength(465), noPolicies, "aws")).toBe(0);
  });

  it("stands beside that of the policies: the fuller space counts", () => {
    const tags = [{ key: "k", value: "v".repeat(226), transitive: false }];
    expect(packedPercent(tags, { policy: "p".repeat(205), policyArns: [] }, "strict")).toBe(50);
    expect(packedPercent(tags, { policy: "p".repeat(1229), policyArns: [] }, "strict")).toBe(61);
  });
});

import { expect, test } from "vitest";
import { OneTimeCodes, stepAt } from "../../src/mfa/one-time-code.ts";

/** RFC 6238, Appendix B, SHA-1: the last six of its eight digits. */
const vectors = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

const codes = new OneTimeCodes(Buffer.from("12345678901234567890"));

test.each(vectors)("RFC 6238, Appendix B: second %i", (second, code) => {
  expect(codes.at(stepAt(second * 1000))).toBe(code);
});

test("the seed as Base32 text (RFC 4648), without padding", () => {
  expect(codes.base32).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  expect(new OneTimeCodes(new Uint8Array(40)).base32).toBe("A".repeat(64));
});

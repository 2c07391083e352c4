import { expect, test } from "vitest";
import {
  publishedAhead,
  publishedKeys,
  publishedLife,
  signingKey,
} from "../../src/federation/outbound/signing-keys.ts";

const hour = 3_600_000;
const key = (name: string, algorithm: "RS256" | "ES384", signsFrom: number) => ({ name, algorithm, signsFrom });
const keys = [
  key("e0", "ES384", 0),
  key("e1", "ES384", 10 * hour),
  key("e2", "ES384", 10.5 * hour),
  key("r0", "RS256", 0),
];
const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name).join(" ");

test.each([
  [0, "e0", "e0 e1 e2 r0"],
  [10 * hour - 1, "e0", "e0 e1 e2 r0"],
  [10 * hour, "e1", "e0 e1 e2 r0"],
  [10.5 * hour, "e2", "e0 e1 e2 r0"],
  // An hour is the longest token, and five minutes are what relying parties tolerate.
  [11 * hour + 300_000 - 1, "e2", "e0 e1 e2 r0"],
  [11 * hour + 300_000, "e2", "e1 e2 r0"],
  [11.5 * hour + 300_000, "e2", "e2 r0"],
  [1000 * hour, "e2", "e2 r0"],
])("at %i %s signs, and published are %s", (now, signs, published) => {
  expect(signingKey(keys, "ES384", now)?.name).toBe(signs);
  expect(names(publishedKeys(keys, now))).toBe(published);
});

test("who kept what was published before knows a new key before it signs", () => {
  expect(publishedAhead).toBeGreaterThan(publishedLife * 1000);
});

test("before its first key an algorithm has none", () => {
  expect(signingKey([key("e", "ES384", 5)], "ES384", 4)).toBeUndefined();
  expect(signingKey([key("e", "ES384", 5)], "RS256", 6)).toBeUndefined();
});

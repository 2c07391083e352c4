/** Of a body that nobody vouches for only the beginning is kept: it is never taken for an input. */
import { expect, test } from "vitest";
import { BodyTooLarge, unsignedLimit, withoutHalfEscape } from "../../src/http/receive.ts";
import { requireWhole } from "../../src/pipeline/receive.ts";
import type { Received } from "../../src/pipeline/stage.ts";

const form = "Action=AssumeRoleWithSAML&SAMLAssertion=";
/** As it is kept of a body that ends in `end` at the limit. */
const cut = (end: string): Buffer => withoutHalfEscape(Buffer.from(form.padEnd(unsignedLimit - end.length, "A") + end));
const received = (body: Buffer, claim: unknown = null) => ({ body, claim }) as Received;

test.each(["", "%41", "%4", "%"])("one that was cut behind `%s` is refused", (end) => {
  expect(() => requireWhole(received(cut(end)))).toThrow(BodyTooLarge);
});

test("the longest that is surely whole is taken", () => {
  const stage = received(Buffer.alloc(unsignedLimit - 3, "A"));
  expect(requireWhole(stage)).toBe(stage);
});

test("of whoever is known all is kept", () => {
  const stage = received(Buffer.alloc(unsignedLimit * 2, "A"), {});
  expect(requireWhole(stage)).toBe(stage);
});

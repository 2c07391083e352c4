import { expect, test } from "vitest";
import { anyText, fc } from "../harness/property.ts";
import { jsonText, membersBefore, quoted } from "../../src/wire/json-text.ts";

test("writes what JSON.stringify writes", () => {
  const value = fc.jsonValue({ stringUnit: "binary" });
  fc.assert(
    fc.property(value, (one) => {
      expect(jsonText(one)).toBe(JSON.stringify(one));
      expect(jsonText({ a: one, b: undefined, c: [one, new Date(0)] })).toBe(
        JSON.stringify({ a: one, b: undefined, c: [one, new Date(0)] }),
      );
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(quoted(text)).toBe(JSON.stringify(text));
    }),
  );
});

test("members before others end with a comma, none with nothing", () => {
  expect(membersBefore({ a: 1, b: { c: "d" } })).toBe('"a":1,"b":{"c":"d"},');
  expect(membersBefore({ a: undefined })).toBe("");
  expect(membersBefore(undefined)).toBe("");
});

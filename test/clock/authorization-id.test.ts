import { expect, it } from "vitest";
import { authorizationIdOf, requestIdOf } from "../../src/clock/authorization-id.ts";
import { fc } from "../harness/property.ts";

it.each([
  ["00000000-0000-0000-0000-000000000000", "0000000000000000000000000"],
  ["00000000-0000-0000-0000-000000000024", "0000000000000000000000010"],
  ["ffffffff-ffff-ffff-ffff-ffffffffffff", "f5lxx1zz5pnorynqglhzmsp33"],
])("is the request id %s in base 36", (requestId, id) => {
  expect(authorizationIdOf(requestId)).toBe(id);
  expect(requestIdOf(id)).toBe(requestId);
});

it("has AWS's form, and leads back to the request", () => {
  fc.assert(
    fc.property(fc.uuid(), (requestId) => {
      const id = authorizationIdOf(requestId);
      expect(id).toMatch(/^[0-9a-z]{25}$/);
      expect(requestIdOf(id)).toBe(requestId);
      expect(requestIdOf(requestId.replaceAll("-", ""))).toBe(requestId);
    }),
  );
});

it.each([
  ["more than 128 bits", "f5lxx1zz5pnorynqglhzmsp34"],
  ["a character less", "f5lxx1zz5pnorynqglhzmsp3"],
  ["a character more", "0f5lxx1zz5pnorynqglhzmsp33"],
  ["capitals", "F5LXX1ZZ5PNORYNQGLHZMSP33"],
  ["hyphens", "00000000-0000-0000-0000-000000000000"],
  ["a line end", "0000000000000000000000000\n"],
  ["nothing", ""],
])("is no id of a request with %s", (_name, id) => {
  expect(requestIdOf(id)).toBeNull();
});

import { expect, test } from "vitest";
import { ConfigurationError, resolveSettings } from "../../src/config/index.ts";

function resolve(flags: Record<string, string | boolean>) {
  return resolveSettings({ flags, environment: {}, cwd: "/" });
}

test("one process serves unless more are asked for", () => {
  expect(resolve({}).workers).toBe(1);
  expect(resolve({ workers: "4" }).workers).toBe(4);
});

test("what is in the memory of one process cannot be served by several", () => {
  expect(resolve({ workers: "1", ephemeral: true }).workers).toBe(1);
  expect(() => resolve({ workers: "2", ephemeral: true })).toThrow(ConfigurationError);
  expect(() => resolve({ workers: "2", ephemeral: true })).toThrow(
    /2 workers cannot share what an ephemeral server .* keeps in the memory of one process/,
  );
});

test("no number of workers but a sensible one", () => {
  for (const workers of ["0", "257", "two"]) expect(() => resolve({ workers })).toThrow(ConfigurationError);
});

import { expect, it } from "vitest";
import { LineBytes } from "../../src/trail/line-bytes.ts";

const text = (lines: LineBytes): string => Buffer.concat([...lines.pieces()]).toString("utf8");

it("holds lines of any length and script as the bytes of a file", () => {
  const written = ["", "ascii", "ü 漢 🎩", "lone \ud800 surrogate", "x".repeat(300_000), "漢".repeat(100_000), "end"];
  const lines = new LineBytes();
  expect(lines.empty).toBe(true);
  for (const line of written) lines.add(line);
  expect(text(lines)).toBe(Buffer.from(written.map((line) => `${line}\n`).join("")).toString("utf8"));
  lines.release();
  expect(lines.empty).toBe(true);
  expect(text(lines)).toBe("");
});

it("shares no memory with a batch that is still being written", () => {
  const first = new LineBytes();
  first.add("first");
  const second = new LineBytes();
  second.add("second");
  expect([text(first), text(second)]).toEqual(["first\n", "second\n"]);
  first.release();
  const third = new LineBytes();
  third.add("third");
  expect([text(second), text(third)]).toEqual(["second\n", "third\n"]);
});

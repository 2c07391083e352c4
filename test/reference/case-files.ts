/** Reads case files (JSON lines) from test/cases/policy. */
import { existsSync, readFileSync } from "node:fs";
import type { Case } from "./case.ts";

/** All rows of `test/cases/policy/NAME.jsonl`; none when there is no such file. */
export function casesOf(name: string): Case[] {
  const file = new URL(`../cases/policy/${name}.jsonl`, import.meta.url);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Case);
}

/** Whether an outcome is what a case expects; `Denied` means either kind. */
export function asExpected(got: string, expected: string | undefined): boolean {
  return expected === "Denied" ? got !== "Allowed" : got === expected;
}

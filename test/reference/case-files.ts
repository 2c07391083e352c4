import { casesIn } from "../harness/cases.ts";
import type { Case } from "./case.ts";

/** All rows of `test/cases/policy/NAME.jsonl`. */
export function casesOf(name: string): Case[] {
  return casesIn(`policy/${name}.jsonl`);
}

/** Whether an outcome is what a case expects; `Denied` means either kind. */
export function asExpected(got: string, expected: string | undefined): boolean {
  return expected === "Denied" ? got !== "Allowed" : got === expected;
}

import { readFileSync } from "node:fs";

/** Reads a file of cases, one JSON object a line. */
export function readCases<T>(name: string): T[] {
  const text = readFileSync(new URL(`../cases/wire/${name}`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

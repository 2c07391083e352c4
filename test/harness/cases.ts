/**
 * Reads the files of test/cases. A case is one JSON object: on a line where it is short, laid out over several where it
 * is long, so that a change of it is a small diff; a new case begins with each line that begins with a brace. What is
 * only long is said shortly (test/cases/README.md).
 */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../cases/", import.meta.url);

/** All cases of the files in a folder, one file after the other by name. @param path of the folder, below test/cases */
export function casesBelow<T>(path: string): T[] {
  const files = readdirSync(new URL(path, folder)).filter((name) => name.endsWith(".jsonl"));
  return files.toSorted().flatMap((name) => casesIn<T>(`${path}/${name}`));
}

/** All cases of a file. @param file its path below test/cases */
export function casesIn<T>(file: string): T[] {
  const text = readFileSync(new URL(file, folder), "utf8");
  return text
    .trim()
    .split(/\n(?=\{)/)
    .map((one) => spelledOut(JSON.parse(one)) as T);
}

interface Numbered {
  readonly $times: number;
  readonly from: number;
  readonly items: readonly unknown[];
}
interface Text {
  readonly $text: string | readonly (string | Text)[];
  readonly times?: number;
}

function spelledOut(value: unknown): unknown {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => (isNumbered(item) ? numbered(item) : [spelledOut(item)]));
  if (value === null || typeof value !== "object") return value;
  if ("$text" in value) return textOf(value as Text);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelledOut(member)]));
}

function isNumbered(item: unknown): item is Numbered {
  return item !== null && typeof item === "object" && "$times" in item;
}

/** The items again and again, each time with another number for `#` (`###`: of three digits at the least). */
function numbered({ $times, from, items }: Numbered): unknown[] {
  const template = JSON.stringify(items);
  return Array.from({ length: $times }, (_, index) => {
    const made = template.replaceAll(/#+/g, (hole) => String(from + index).padStart(hole.length, "0"));
    return JSON.parse(made) as unknown[];
  }).flat();
}

function textOf({ $text, times = 1 }: Text): string {
  const once =
    typeof $text === "string" ? $text : $text.map((part) => (typeof part === "string" ? part : textOf(part))).join("");
  return once.repeat(times);
}

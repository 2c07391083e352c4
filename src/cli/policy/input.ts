/** The files that the policy commands read. */
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { CaseError, readCases } from "../../policy/case/case.ts";
import type { PolicyCase } from "../../policy/case/case.ts";
import { positionAt } from "../../json/read.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { InputError } from "../../launch/terminal.ts";

/** What messages call standard input. */
const inputName = "standard input";

export function shownName(path: string): string {
  return path === "-" ? inputName : path;
}

/** @throws InputError */
export async function readText(path: string, terminal: Terminal): Promise<string> {
  if (path === "-") return terminal.readInput();
  try {
    return await readFile(isAbsolute(path) ? path : join(terminal.cwd, path), "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError(`${path}: ${reasons[code ?? ""] ?? (cause as Error).message}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a directory, not a file",
  EACCES: "this file may not be read",
};

/** `FILE:LINE:COLUMN` */
export function placeIn(path: string, text: string, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return `${shownName(path)}:${line}:${column}`;
}

export interface CaseFile {
  readonly path: string;
  readonly text: string;
  readonly cases: readonly PolicyCase[];
}

/** @throws InputError with file, line and column of what cannot be used */
export async function readCaseFile(path: string, terminal: Terminal): Promise<CaseFile> {
  const text = await readText(path, terminal);
  try {
    return { path, text, cases: readCases(text) };
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    throw new InputError(`${placeIn(path, text, error.offset)}: ${error.message}`, { cause: error });
  }
}

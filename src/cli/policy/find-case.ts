import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Terminal } from "../../launch/terminal.ts";
import type { CaseFile } from "./input.ts";
import { readCaseFile } from "./input.ts";

/**
 * Reads `FILE` or `FILE:ID`. Ids and file names may contain colons: the shortest beginning that is a file is the file.
 *
 * @returns id null when none is named
 * @throws InputError
 */
export async function findCaseFile(given: string, terminal: Terminal): Promise<{ file: CaseFile; id: string | null }> {
  for (let colon = given.indexOf(":"); colon >= 0; colon = given.indexOf(":", colon + 1)) {
    const path = given.slice(0, colon);
    if (path !== "" && (path === "-" || (await isFile(resolve(terminal.cwd, path))))) {
      return { file: await readCaseFile(path, terminal), id: given.slice(colon + 1) };
    }
  }
  return { file: await readCaseFile(given, terminal), id: null };
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true;
}

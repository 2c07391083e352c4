import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { quoted } from "../wire/json-text.ts";
import { BackwardLines } from "./backward-lines.ts";
import type { ReadBudget } from "./backward-lines.ts";
import { openThere } from "./file-scan.ts";
import type { FoundDocuments } from "./source.ts";

/**
 * Policy documents as lines of the private files, each before the sidecars that refer to it by its hash:
 * `{"sha256":"…","document":"…"}`, or `{"sha256":"…","notKept":2048}` with the length of one that is left out.
 */
export function documentLine(sha256: string, text: string): string {
  return `{"sha256":"${sha256}","document":${quoted(text)}}`;
}

export function omissionLine(sha256: string, characters: number): string {
  return `{"sha256":"${sha256}","notKept":${characters}}`;
}

/**
 * Bytes that are read for the documents of one record: they stand within `documentReach` characters before it, of at
 * most three bytes each, but for what other lines were written in between.
 */
const readable = 16_777_216;
/** A document has at most 131,072 characters, each of which takes at most six bytes in a JSON text. */
const longestLine = 1_048_576;

const beginning = '{"sha256":"';
const hashLength = 64;

/**
 * The documents that a sidecar refers to.
 *
 * @param directory the trail's private one
 * @param name of the file in which the sidecar stands
 * @param end of the sidecar
 * @throws Error when a document is not what its name says
 */
export async function findDocuments(
  directory: string,
  name: string,
  end: number,
  hashes: Iterable<string>,
): Promise<FoundDocuments> {
  const wanted = new Set(hashes);
  const found = new Map<string, string>();
  const budget = { left: readable };
  await lookThrough(join(directory, name), end, budget, wanted, found);
  // The first records of a day may have theirs at the end of the file before.
  const former = wanted.size > 0 && budget.left > 0 ? await fileBefore(directory, name) : null;
  if (former !== null) await lookThrough(join(directory, former), null, budget, wanted, found);
  for (const hash of wanted) {
    const text = await formerDocument(directory, hash);
    if (text !== null) found.set(hash, checked(hash, text));
  }
  return found;
}

/** @param end null for the whole file @param wanted loses what is found, or said not to be kept */
async function lookThrough(
  path: string,
  end: number | null,
  budget: ReadBudget,
  wanted: Set<string>,
  found: Map<string, string>,
): Promise<void> {
  const file = wanted.size === 0 ? null : await openThere(path);
  if (file === null) return;
  try {
    const lines = new BackwardLines(file, end ?? (await file.stat()).size, budget, longestLine);
    for (let line = await lines.next(); line !== null && wanted.size > 0; line = await lines.next()) {
      if (!line.whole || line.bytes.toString("latin1", 0, beginning.length) !== beginning) continue;
      const hash = line.bytes.toString("latin1", beginning.length, beginning.length + hashLength);
      if (!wanted.delete(hash)) continue;
      const { document } = JSON.parse(line.bytes.toString("utf8")) as { readonly document?: string };
      if (document !== undefined) found.set(hash, checked(hash, document));
    }
  } finally {
    await file.close();
  }
}

/** The same writer's file of the day before. */
async function fileBefore(directory: string, name: string): Promise<string | null> {
  const [start, end] = [name.slice(0, "decisions-".length), name.slice("decisions-YYYY-MM-DD".length)];
  const names = (await readdir(directory)).filter(
    (other) => other.startsWith(start) && other.slice(start.length + "YYYY-MM-DD".length) === end && other < name,
  );
  return names.sort().at(-1) ?? null;
}

/** Former versions kept each document in a file of its own. */
async function formerDocument(directory: string, hash: string): Promise<string | null> {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`${hash} is not the name of a policy document`);
  try {
    return await readFile(join(directory, "policies", `${hash}.json`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function checked(hash: string, text: string): string {
  if (createHash("sha256").update(text).digest("hex") === hash) return text;
  throw new Error(`the policy document ${hash} in the trail was changed`);
}

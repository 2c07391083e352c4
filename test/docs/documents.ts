/** The documentation as the tests see it: files, links, fenced blocks, and regions whose content the code decides. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Block {
  /** What stands behind the fence: `sh run`. */
  readonly info: string;
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
}

export interface Document {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function document(path: string): Document {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, blocks: blocksOf(text) };
}

/** README and its like, docs/, and what examples say of themselves. */
export function allDocuments(): readonly Document[] {
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const below = ["docs", "examples"].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${directory}/${name}`),
  );
  return [...top, ...below].sort().map(document);
}

function blocksOf(text: string): readonly Block[] {
  const blocks: { info: string; lines: string[]; line: number }[] = [];
  let open: (typeof blocks)[number] | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) blocks.push((open = { info: fence[1]!.trim(), lines: [], line: index + 1 }));
    else open = null;
  }
  return blocks.map(({ info, lines, line }) => ({ info, text: lines.join("\n"), line }));
}

/** The headings' anchors as GitHub makes them. */
export function anchorsOf({ text, blocks }: Document): ReadonlySet<string> {
  const prose = blocks.reduce((rest, block) => rest.replace(block.text, ""), text);
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1]!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** The section under a heading, up to the next heading of its level or above. */
export function section({ path, text }: Document, heading: string): string {
  const start = text.split("\n").indexOf(heading);
  if (start < 0) throw new Error(`${path} has no heading ${JSON.stringify(heading)}`);
  const lines = text.split("\n").slice(start + 1);
  const level = heading.indexOf(" ");
  const end = lines.findIndex((line) => {
    const next = /^(#{1,6}) /.exec(line);
    return next !== null && next[1]!.length <= level;
  });
  return lines.slice(0, end < 0 ? undefined : end).join("\n");
}

/**
 * The text between `<!-- NAME -->` and `<!-- /NAME -->`, which the code decides. With UPDATE_DOCS=1 it is written
 * (then run `npm run format`), otherwise read.
 */
export function region(path: string, name: string, wanted: string): string {
  const { text } = document(path);
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no region ${start} … ${end}`);
  if (process.env["UPDATE_DOCS"] === "1") {
    writeFileSync(join(root, path), `${text.slice(0, from + start.length)}\n\n${wanted}\n\n${text.slice(to)}`);
    return wanted;
  }
  return text.slice(from + start.length, to).trim();
}

/** The cells of a Markdown table, whatever its alignment; without the row of dashes. */
export function tableCells(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|:-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

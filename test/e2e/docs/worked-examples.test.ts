/**
 * The worked examples of docs/contributing, carried out on a copy of src: a block `diff FILE` changes a file, `ts FILE`
 * makes one, `ts from FILE` stands in one, and `text compiler` holds what the compiler says at that point, with nothing
 * done about it yet. At the end of a document everything compiles.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { allDocuments, root } from "../../docs/documents.ts";
import type { Block } from "../../docs/documents.ts";

const guides = allDocuments().filter(({ path }) => path.startsWith("docs/contributing/"));
const examples = guides.filter(({ blocks }) => blocks.some(({ info }) => info.startsWith("diff ")));

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "rolecall-example-"));
  for (const name of ["src", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  writeFileSync(join(copy, "tsconfig.example.json"), '{ "extends": "./tsconfig.json", "include": ["src"] }');
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});

afterEach(() => rmSync(copy, { recursive: true }));

it.each(examples.map(({ path, blocks }) => ({ path, blocks })))("$path", ({ blocks }) => {
  for (const block of blocks) {
    if (block.info === "text compiler") {
      const said = compile();
      for (const line of block.text.split("\n")) expect(said).toContain(line);
    } else carryOut(block);
  }
  expect(compile()).toBe("");
});

function carryOut({ info, text, line }: Block): void {
  const [kind, file = "", source = ""] = info.split(" ");
  const path = join(copy, file);
  if (kind === "ts" && file === "from") {
    expect(readFileSync(join(copy, source), "utf8"), `line ${line}: ${source} has it`).toContain(`${text}\n`);
  } else if (kind === "ts" && file !== "") {
    expect(existsSync(path), `line ${line}: ${file} is new`).toBe(false);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (kind === "diff") {
    const lines = text.split("\n");
    const before = lines.filter((one) => !one.startsWith("+")).map((one) => one.slice(1));
    const after = lines.filter((one) => !one.startsWith("-")).map((one) => one.slice(1));
    const parts = `\n${readFileSync(path, "utf8")}`.split(`\n${before.join("\n")}\n`);
    expect(parts.length, `line ${line}: what ${file} has before the change stands there once`).toBe(2);
    writeFileSync(path, parts.join(`\n${after.join("\n")}\n`).slice(1));
  }
}

/** @returns what the compiler says; nothing where it is content */
function compile(): string {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  return spawnSync(tsc, ["-p", "tsconfig.example.json", "--noEmit"], { cwd: copy, encoding: "utf8" }).stdout;
}

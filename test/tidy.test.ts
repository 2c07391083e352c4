import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The order of the rooms: a room imports only from itself and from those before it (docs/ARCHITECTURE.md). */
const rooms = [
  "text",
  "arn",
  "clock",
  "json",
  "policy",
  "contracts",
  "wire",
  "sigv4",
  "seal",
  "store",
  "session",
  "mfa",
  "federation",
  "authorization",
  "trail",
  "operation",
  "services",
  "http",
  "pipeline",
  "doors",
  "observe",
  "server",
  "config",
  "launch",
  "cli",
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src");
const files = walk(source).filter((file) => /\.tsx?$/.test(file));

function walk(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function roomOf(file: string): string {
  const [room, ...rest] = relative(source, file).split("/");
  return rest.length === 0 ? "" : room!;
}

/** Relative imports of a file, type-only ones too: a type is knowledge as well. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g);
  return [...found].map((match) => resolve(dirname(file), match[1]!));
}

describe("the house", () => {
  it("has only rooms that are in the plan", () => {
    const unknown = [...new Set(files.map(roomOf))].filter((room) => room !== "" && !rooms.includes(room));
    expect(unknown).toEqual([]);
  });

  it("imports upward only", () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = rooms.indexOf(roomOf(file));
      if (from < 0) continue;
      for (const target of importsOf(file)) {
        const to = rooms.indexOf(roomOf(target));
        if (to > from || roomOf(target) === "") wrong.push(`${relative(root, file)} -> ${relative(root, target)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has no import cycle", () => {
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...trail.slice(trail.indexOf(file)), file].map((step) => relative(root, step)).join(" -> "));
        return;
      }
      state.set(file, "open");
      // A type-only import is erased: it cannot close a cycle at run time.
      for (const target of runtimeImportsOf(file)) if (files.includes(target)) visit(target, [...trail, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("has no room or file without a purpose in its name", () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|managers?)(\/|\.tsx?$)/i;
    expect(files.map((file) => relative(root, file)).filter((file) => vague.test(file))).toEqual([]);
  });

  it("keeps the policy engine pure", () => {
    const impure = files
      .filter((file) => roomOf(file) === "policy")
      .filter((file) => /["']node:|\bprocess\.|\bBuffer\b|Date\.now|new Date\(\)|Math\.random/.test(code(file)))
      .map((file) => relative(root, file));
    expect(impure).toEqual([]);
  });

  it("reads the wall clock and randomness only in clock/ and seal/", () => {
    const reads = files
      .filter((file) => !["clock", "seal", "launch", "cli"].includes(roomOf(file)))
      .filter((file) => /Date\.now\(|new Date\(\)|Math\.random\(/.test(code(file)))
      .map((file) => relative(root, file));
    expect(reads).toEqual([]);
  });

  it("keeps files to one idea", () => {
    const long = files
      .filter((file) => !file.endsWith(".gen.ts"))
      .map((file) => ({ file: relative(root, file), lines: readFileSync(file, "utf8").split("\n").length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });
});

/** The text without comments. */
function code(file: string): string {
  return readFileSync(file, "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
}

function runtimeImportsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^\s*(?:import|export)\s+(?!type\b)[^;]*?from\s+["'](\.[^"']+)["']/gm);
  return [...found].map((match) => resolve(dirname(file), match[1]!));
}

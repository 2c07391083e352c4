import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createVitest } from "vitest/node";
import { innerOrders, rooms } from "./harness/house-plan.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src");
const files = walk(source).filter((file) => /\.tsx?$/.test(file));

/** Every folder of src, by its path from there. */
const folders = [...new Set(files.map((file) => relative(source, dirname(file))))].filter((folder) => folder !== "");

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

  it("imports upward only inside of its rooms", () => {
    const unplaced = folders.filter((folder) => folder.includes("/")).filter((folder) => !isPlaced(folder));
    expect(unplaced, "every folder has its place in the order").toEqual([]);
    const wrong: string[] = [];
    for (const [folder, order] of Object.entries(innerOrders)) {
      for (const { from, to, arrow } of importsInside(folder)) {
        if (!isFolder(folder, from) || !isFolder(folder, to) || from === to) continue;
        if (placeOf(to, order) >= placeOf(from, order)) wrong.push(arrow);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has no circle of files or of folders: among the children of any folder, imports form none", () => {
    const circles = ["", ...folders].flatMap((folder) => {
      const edges = new Map<string, Set<string>>();
      for (const { from, to } of importsInside(folder)) {
        if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
      }
      return circlesOf(edges).map((circle) => circle.map((child) => join("src", folder, child)).join(" -> "));
    });
    expect(circles).toEqual([]);
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

  it("has short files: half of them have at most 90 lines, nine of ten at most 200", () => {
    const lengths = files
      .filter((file) => !file.endsWith(".gen.ts"))
      .map((file) => readFileSync(file, "utf8").trimEnd().split("\n").length)
      .sort((one, other) => one - other);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(90);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(200);
  });
});

describe("the tests", () => {
  const tests = join(root, "test");
  const written = walk(tests).filter((file) => !file.startsWith(join(tests, "cases")));
  const shown = (file: string): string => relative(root, file);

  it("are each in one project, which the folder says", async () => {
    const vitest = await createVitest("test", { watch: false, config: join(root, "vitest.config.ts") });
    const projects = new Map<string, string[]>();
    for (const { moduleId, project } of await vitest.globTestSpecifications()) {
      // This one is a second run of what has its project.
      if (project.name !== "node:http") projects.set(moduleId, [...(projects.get(moduleId) ?? []), project.name]);
    }
    await vitest.close();
    const wrong = written
      .filter((file) => /\.(test|spec)\.\w+$/.test(file))
      .filter((file) => projects.get(file)?.length !== 1)
      .map((file) => `${shown(file)}: ${projects.get(file)?.join() ?? "in no project"}`);
    expect(wrong).toEqual([]);
    expect([...new Set([...projects.values()].flat())].toSorted()).toEqual([
      "clients",
      "contract",
      "e2e",
      "long",
      "unit",
    ]);
  });

  it("lie in the rooms that they are about, or where their project is", () => {
    const others = ["cases", "clients", "contract", "docs", "e2e", "harness", "long", "reference", "tidy.test.ts"];
    expect(readdirSync(tests).filter((name) => !rooms.includes(name) && !others.includes(name))).toEqual([]);
  });

  it("have cases that can be reviewed: a change of one is a small diff", () => {
    // Each case is a line of these, as `rolecall test` reads them.
    const lines = ["oidc-trust", "aws-docs-tables"].map((name) => `test/cases/policy/${name}.jsonl`);
    const wide = walk(join(tests, "cases"))
      .map((file) => ({ file: shown(file), lines: readFileSync(file, "utf8").split("\n") }))
      .filter((one) => !lines.includes(one.file))
      .filter((one) => one.lines.length > 1500 || one.lines.some((line) => line.length > 1000));
    expect(wide.map(({ file }) => file)).toEqual([]);
  });

  it("do what they do by chance from the one seed of a run", () => {
    const own = /from "fast-check"|\bseed: \d|Random\(\d|Math\.random\(|ROLECALL_SEED"/;
    const sources = ["harness/property.ts", "harness/seed.ts"].map((file) => join(tests, file));
    const wrong = written.filter((file) => file.endsWith(".ts") && !sources.includes(file) && own.test(code(file)));
    expect(wrong.map(shown).filter((file) => file !== "test/tidy.test.ts")).toEqual([]);
  });
});

/** The text without comments. */
function code(file: string): string {
  return readFileSync(file, "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
}

/** An import from one child of a folder, a file or a folder, to another or to itself. */
interface InnerImport {
  readonly from: string;
  readonly to: string;
  readonly arrow: string;
}

/** @param folder from src, "" for src itself */
function importsInside(folder: string): InnerImport[] {
  const place = join(source, folder);
  const childOf = (file: string): string | undefined => {
    const path = relative(place, file);
    return path.startsWith("..") ? undefined : path.split("/")[0];
  };
  return files.flatMap((file) => {
    const from = childOf(file);
    if (from === undefined) return [];
    return importsOf(file).flatMap((target) => {
      const to = childOf(target);
      return to === undefined ? [] : [{ from, to, arrow: `${relative(root, file)} -> ${relative(root, target)}` }];
    });
  });
}

function isPlaced(folder: string): boolean {
  const order = innerOrders[dirname(folder)] ?? [];
  return order.includes(basename(folder)) || order.includes("*");
}

function isFolder(parent: string, child: string): boolean {
  return folders.some((folder) => `${folder}/`.startsWith(`${join(parent, child)}/`));
}

/** Those that are not named share a place, and none of them knows another. */
function placeOf(folder: string, order: readonly string[]): number {
  return order.includes(folder) ? order.indexOf(folder) : order.indexOf("*");
}

function circlesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (node: string, trail: readonly string[]): void => {
    const at = trail.indexOf(node);
    if (at >= 0) circles.push([...trail.slice(at), node]);
    if (at >= 0 || done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return circles;
}

import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as library from "../../src/policy/index.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const guide = readFileSync(resolve(root, "docs/policy-library.md"), "utf8");

/** The first fenced block of a language. */
function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(guide)![1]!;
}

describe("the library's guide", () => {
  it("has an example that runs, and prints what it says", () => {
    const names = /^import \{ ([\w, ]+) \} from "rolecall\/policy";$/m;
    const source = block("js");
    const imported = names.exec(source)![1]!;
    const printed: string[] = [];
    const console = { log: (...values: readonly unknown[]) => printed.push(values.join(" ")) };
    // oxlint-disable-next-line no-implied-eval
    const example = new Function("library", "console", `const {${imported}} = library;\n${source.replace(names, "")}`);
    (example as (given: typeof library, to: typeof console) => void)(library, console);
    expect(`${printed.join("\n")}\n`).toBe(block("text"));
  });

  it("names everything that is exported", () => {
    const unnamed = Object.keys(library).filter((name) => !new RegExp(`\\b${name}\\b`).test(guide));
    expect(unnamed).toEqual([]);
  });
});

describe("the library", () => {
  it("reaches nothing but the rooms below it, and no package", () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, "utf8");
      for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
        if (target!.startsWith(".")) visit(resolve(dirname(file), target!));
        else outside.add(target!);
      }
    };
    visit(resolve(root, "src/policy/index.ts"));
    const rooms = new Set([...seen].map((file) => relative(resolve(root, "src"), file).split("/")[0]));
    expect([...outside]).toEqual([]);
    expect([...rooms].toSorted()).toEqual(["arn", "json", "policy", "text"]);
  });

  it("is what the package exports, without side effects", () => {
    const { exports, sideEffects } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
      exports: Record<string, { types: string; default: string }>;
      sideEffects: boolean;
    };
    expect(sideEffects).toBe(false);
    const { types, default: main } = exports["./policy"]!;
    expect([types, main]).toEqual(["./dist/policy/index.d.ts", "./dist/policy/index.js"]);
    expect(existsSync(resolve(root, "src/policy/index.ts"))).toBe(true);
  });

  it("writes decisions and explanations as JSON, a policy by its name", () => {
    const policy = library.compile(
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
      "identity",
      { id: "own" },
    );
    const request = {
      principal: library.principalFromArn("arn:aws:iam::111122223333:user/ann"),
      action: "s3:GetObject",
      resource: "*",
      resourceAccount: "111122223333",
      context: library.contextOf({}),
    };
    const shown = { kind: "identity", id: "own", size: 1 };
    const explanation = JSON.parse(JSON.stringify(library.explain(request, { identity: [policy] }))) as object;
    expect(explanation).toMatchObject({
      decision: { statements: [{ policy: shown }] },
      statements: [{ policy: shown }],
      changes: [[{ type: "AddStatement" }], [{ type: "RemoveStatement", place: { policy: shown } }]],
    });
  });
});

/**
 * What the documentation lists, against the code that decides it. After a change of settings or commands:
 * `UPDATE_DOCS=1 npx vitest run test/docs/facts.test.ts && npm run format`.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { allDeclarations, environmentName, flagName } from "../../src/config/index.ts";
import type { Declaration } from "../../src/config/declaration.ts";
import { notBuilt } from "../../src/operation/operation.ts";
import { services } from "../../src/services/services.ts";
import type { Service } from "../../src/services/service.ts";
import { contextKeys } from "../../src/policy/context-key.ts";
import { checks } from "../../src/policy/validate/catalogue.ts";
import { own } from "../../src/policy/validate/catalogue/own.ts";
import { rolecall } from "../harness/cli.ts";
import { approach, ways } from "../../src/pipeline/ways.ts";
import { rooms } from "../harness/house-plan.ts";
import { allDocuments, anchorsOf, document, region, root, section, tableCells } from "./documents.ts";

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

describe("docs/configuration.md", () => {
  const isQuota = ({ key }: Declaration<unknown>): boolean => key.startsWith("quotas.");

  it("lists every setting", () => {
    const wanted = [
      ["Setting", "Flag, variable", "Default", "Meaning"],
      ["-", "-", "-", "-"],
      ...allDeclarations.filter((declaration) => !isQuota(declaration)).map(settingRow),
    ];
    const found = region("docs/configuration.md", "settings", tableOf(wanted));
    expect(tableCells(found)).toEqual(tableCells(tableOf(wanted)));
  });

  it("lists every quota", () => {
    const wanted = [
      ["Setting", "Flag, variable", "Default"],
      ["-", "-", "-"],
      ...allDeclarations.filter(isQuota).map((declaration) => settingRow(declaration).slice(0, 3)),
    ];
    const found = region("docs/configuration.md", "quotas", tableOf(wanted));
    expect(tableCells(found)).toEqual(tableCells(tableOf(wanted)));
  });
});

function settingRow({ key, kind, fallback, describe: meaning, sources, secret }: Declaration<unknown>): string[] {
  const flag = `--${flagName(key)}${kind.placeholder === null ? "" : ` ${kind.placeholder}`}`;
  const places = [sources.flag ? flag : null, sources.environment ? environmentName(key) : null];
  const named = places.filter((place) => place !== null).map((place) => `\`${place.replaceAll("|", "\\|")}\``);
  const absent = fallback === null || (Array.isArray(fallback) && fallback.length === 0);
  const limits = kind.placeholder === "NUMBER" ? ` (${kind.expects})` : "";
  return [
    `\`${key}\`${sources.file ? "" : " (not in the file)"}`,
    named.join("<br>"),
    absent ? "none" : `\`${String(fallback)}\``,
    `${meaning}${limits}${secret ? " Never shown." : ""}`.replaceAll("*", "\\*"),
  ];
}

describe("docs/cli.md", () => {
  it("has the help of every command", async () => {
    const { out: overview } = await rolecall(root, ["help"]);
    const names = [...overview.matchAll(/^ {2}([\w-]+(?: \w+)?) {2,}\S/gm)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(8);
    const parts = [];
    for (const name of names) {
      const { out } = await rolecall(root, ["help", ...name.split(" ")]);
      // All settings have a page of their own.
      const shown = name === "serve" ? `${out.slice(0, out.indexOf("\n\n  --"))}\n` : out;
      const more = name === "serve" ? "\nThe options are [the settings](configuration.md).\n" : "";
      parts.push(`## rolecall ${name}\n\n\`\`\`text\n${shown}\`\`\`\n${more}`);
    }
    const wanted = parts.join("\n").trim();
    expect(region("docs/cli.md", "commands", wanted)).toBe(wanted);
  });
});

describe("docs/findings.md", () => {
  it("lists every code", () => {
    const wanted = [
      ["Code", "Type", "What to do"],
      ["-", "-", "-"],
      ...Object.entries(checks).map(([code, { type, fix }]) => [
        `\`${code}\`${code in own ? " °" : ""}`,
        type,
        fix.replaceAll("*", "\\*"),
      ]),
    ];
    const found = region("docs/findings.md", "codes", tableOf(wanted));
    expect(tableCells(found)).toEqual(tableCells(tableOf(wanted)));
  });

  it("lists no code both as there and as left out", () => {
    const left = [...section(document("docs/findings.md"), "## Left out").matchAll(/`([A-Z_]+)`/g)].map(
      (match) => match[1]!,
    );
    const reasons = new Set(["UNSUPPORTED_GLOBAL_CONDITION_KEY"]);
    expect(left.filter((code) => code in checks && !reasons.has(code))).toEqual([]);
  });
});

function notBuiltOperations({ registry }: Service): readonly string[] {
  return Object.keys(registry).filter((name) => registry[name] === notBuilt);
}

describe("docs/context-keys.md", () => {
  it("lists every key", () => {
    const wanted = [
      ["Key", "Type", "Values", "Source", "Who sets it"],
      ["-", "-", "-", "-", "-"],
      ...Object.entries(contextKeys).map(([key, { type, values, source, setBy }]) => [
        `\`${key}\``,
        type,
        values,
        source,
        setBy,
      ]),
    ];
    const found = region("docs/context-keys.md", "keys", tableOf(wanted));
    expect(tableCells(found)).toEqual(tableCells(tableOf(wanted)));
  });
});

describe("docs/operations.md", () => {
  const operations = document("docs/operations.md");
  const namedUnder = (heading: string): string[] =>
    [...section(operations, heading).matchAll(/`([A-Z]\w+)`/g)].map((match) => match[1]!).sort();

  const ofAws = Object.values(services).filter(({ name }) => name !== "rolecall");

  it.each(ofAws.map(({ name }) => [name, name.toUpperCase()] as const))(
    "lists every operation of %s, built or not",
    (name, title) => {
      const missing = notBuiltOperations(services[name]);
      const built = Object.keys(services[name].registry).filter((operation) => !missing.includes(operation));
      expect(namedUnder(`## ${title}: built`)).toEqual(built.sort());
      if (missing.length > 0) expect(namedUnder(`## ${title}: not built`)).toEqual([...missing].sort());
    },
  );

  it("lists every operation of rolecall", () => {
    const listed = tableCells(section(operations, "## rolecall")).slice(1);
    expect(listed.map(([name]) => name!.replaceAll("`", "")).sort()).toEqual(
      Object.keys(services.rolecall.registry).sort(),
    );
    expect(notBuiltOperations(services.rolecall)).toEqual([]);
  });

  it("counts them", () => {
    const counts = ofAws.map(({ name, registry }) => {
      const all = Object.keys(registry).length;
      return `of ${name.toUpperCase()}'s ${all} operations ${all - notBuiltOperations(services[name]).length}`;
    });
    const wanted = `Built are ${counts.join(", ")}.`;
    expect(region("docs/operations.md", "counts", wanted)).toBe(wanted);
  });
});

describe("docs/ARCHITECTURE.md", () => {
  const { text } = document("docs/ARCHITECTURE.md");

  it("has every room of the plan that there is, in its order", () => {
    const there = rooms.filter((room) => existsSync(join(root, "src", room)));
    const listed = tableCells(section(document("docs/ARCHITECTURE.md"), "## The rooms")).slice(1);
    expect(listed.map(([room]) => room)).toEqual(there.map((room) => `\`${room}/\``));
  });

  it("draws every room", () => {
    const picture = text.slice(text.indexOf("```mermaid"), text.indexOf("```", text.indexOf("```mermaid") + 3));
    const missing = rooms.filter((room) => existsSync(join(root, "src", room)) && !picture.includes(`${room}`));
    expect(missing).toEqual([]);
  });
});

describe("the picture of one request in docs/ARCHITECTURE.md", () => {
  it("has the steps of every way", () => {
    const auths = Object.keys(ways) as (keyof typeof ways)[];
    const lists = new Map<string, string[]>();
    for (const auth of auths) {
      const steps = ways[auth].names.join(" --> ");
      lists.set(steps, [...(lists.get(steps) ?? []), auth]);
    }
    const boxes = [...lists].map(([steps, of], index) => {
      const named = steps.replaceAll(/\w+/g, (step) => `${step}${index}[${step}]`);
      return [`  subgraph way${index} ["${of.join(", ")}"]`, "    direction TB", `    ${named}`, "  end"].join("\n");
    });
    const wanted = [
      "```mermaid",
      "flowchart TB",
      '  subgraph approach ["every request"]',
      "    direction LR",
      `    ${approach.names.join(" --> ")}`,
      "  end",
      ...boxes,
      ...boxes.map((_, index) => `  approach --> way${index}`),
      "```",
    ].join("\n");
    expect(region("docs/ARCHITECTURE.md", "ways", wanted)).toBe(wanted);
  });
});

describe("all documents", () => {
  const documents = allDocuments();

  it("name files of src that are there", () => {
    const lost = documents
      .filter(({ path }) => !path.startsWith("docs/lab/") && path !== "CHANGELOG.md")
      .flatMap(({ path, text }) =>
        [...text.matchAll(/`((?:[a-z0-9-]+\/)+[a-z0-9.-]+\.(?:ts|mjs|jsonl?))`/g)]
          .map(([, file = ""]) => file)
          .filter((file) => !existsSync(join(root, "src", file)) && !existsSync(join(root, file)))
          .map((file) => `${path}: ${file}`),
      );
    expect(lost).toEqual([]);
  });

  it("link to what is there", () => {
    const broken = documents.flatMap(({ path, text }) =>
      // Code is no link.
      [...text.replaceAll(/`[^`\n]*`/g, "").matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].flatMap(
        ([, target = ""]) => {
          const [file = "", anchor] = target.split("#");
          const place = file === "" ? path : join(dirname(path), file);
          if (!existsSync(join(root, place))) return [`${path}: ${target}`];
          const lost = anchor !== undefined && !anchorsOf(document(place)).has(anchor);
          return lost ? [`${path}: ${target}`] : [];
        },
      ),
    );
    expect(broken).toEqual([]);
  });

  it("name no path of the machine on which they were written", () => {
    const machine = /(?<![\w.])\/(?:work|root|home|Users)\/|\/tmp\/bash_jobs/;
    expect(documents.filter(({ text }) => machine.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("are all reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const path of reached) {
      for (const [, target = ""] of document(path).text.matchAll(/\]\((?!https?:)([^)#\s]+\.md)[^)]*\)/g)) {
        const place = join(dirname(path), target);
        if (existsSync(join(root, place))) reached.add(place);
      }
    }
    const unreached = documents
      .map(({ path }) => path)
      .filter((path) => path.startsWith("docs/") && !reached.has(path));
    expect(unreached).toEqual([]);
  });
});

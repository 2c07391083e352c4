/**
 * The commands of the documentation, run. Fenced blocks say what is expected of them:
 *
 *   ```sh run       every command succeeds
 *   ```sh refused   the last command fails
 *   ```text output  lines that the block before printed, in this order; … stands for anything
 *
 * A block that calls `aws`, or a function of a block that does, or says that it needs what such a block made (```sh run
 * aws), is left out where the aws CLI is not installed. A document without `<!-- starts its own server -->` runs beside a server of its own.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Block, Document } from "../../docs/documents.ts";
import { allDocuments } from "../../docs/documents.ts";
import { awsInstalled, buildOnce, documentTimeout, openWorkplace } from "./shell.ts";
import type { Outcome, Workplace } from "./shell.ts";

interface Step {
  readonly block: Block;
  readonly refused: boolean;
  readonly output: Block | null;
}

const documents = allDocuments().map((document) => ({ document, steps: stepsOf(document) }));
const runnable = documents.filter(({ steps }) => steps.length > 0);

/** In the order in which they link to each other. */
const oneAfterTheOther = ["README.md", "docs/getting-started.md", "docs/sessions.md"];

function stepsOf({ path, blocks }: Document): readonly Step[] {
  return blocks.flatMap((block, index) => {
    const [language, how] = block.info.split(" ");
    if (language === "text" && how === "output" && !isCommand(blocks[index - 1])) {
      throw new Error(`${path}:${block.line}: an output without a command`);
    }
    if (!isCommand(block)) return [];
    const next = blocks[index + 1];
    return [{ block, refused: how === "refused", output: next?.info === "text output" ? next : null }];
  });
}

function isCommand(block: Block | undefined): boolean {
  return block !== undefined && /^sh (run|refused)\b/.test(block.info);
}

/** The steps that need neither the aws CLI nor a shell function of a step that does. */
function withoutAws(steps: readonly Step[]): readonly Step[] {
  const lost = ["aws"];
  return steps.filter(({ block: { info, text } }) => {
    const needed = info.endsWith(" aws") || new RegExp(`(^|[\\s($|])(${lost.join("|")}) `, "m").test(text);
    if (needed) lost.push(...[...text.matchAll(/^(\w+)\(\)/gm)].map((match) => match[1]!));
    return !needed;
  });
}

describe("the commands of the documentation", () => {
  beforeAll(buildOnce);

  if (!awsInstalled) {
    it("the aws CLI is not installed: what calls it was not run", () => expect(awsInstalled).toBe(false));
  }

  it("are there", () => {
    expect(runnable.map(({ document }) => document.path)).toContain("README.md");
  });

  // Those that are run one after the other are not run once more by themselves: real commands take their seconds.
  const alone = runnable.filter(({ document: { path } }) => !oneAfterTheOther.includes(path));
  it.concurrent.each(alone.map(({ document, steps }) => ({ path: document.path, document, steps })))(
    "$path",
    async ({ document, steps }) => {
      const workplace = await openWorkplace(!document.text.includes("<!-- starts its own server -->"));
      try {
        expect(await problemsIn(workplace, document, steps)).toEqual([]);
      } finally {
        await workplace.close();
      }
    },
    documentTimeout,
  );

  /** As a reader goes from one to the next: what a page made is there on the next one. */
  it.concurrent(
    `${oneAfterTheOther.join(", ")}: one after the other on one server`,
    async () => {
      const workplace = await openWorkplace(true);
      try {
        for (const { document, steps } of runnable.filter(({ document: { path } }) =>
          oneAfterTheOther.includes(path),
        )) {
          expect(await problemsIn(workplace, document, steps)).toEqual([]);
        }
      } finally {
        await workplace.close();
      }
    },
    oneAfterTheOther.length * documentTimeout,
  );
});

async function problemsIn(workplace: Workplace, document: Document, steps: readonly Step[]): Promise<string[]> {
  const wanted = awsInstalled ? steps : withoutAws(steps);
  const outcomes = await workplace.run(wanted.map(({ block }) => block));
  return wanted.flatMap((step, index) => problemsOf(document, step, outcomes[index]!));
}

function problemsOf({ path }: Document, { block, refused, output }: Step, outcome: Outcome): string[] {
  const place = `${path}:${block.line}`;
  const said = `it said:\n${outcome.output}`;
  if (outcome.code === null) return [`${place}: was not run: ${outcome.failed.join("; ")}`];
  if (refused && outcome.code === 0) return [`${place}: succeeded, but should be refused; ${said}`];
  if (!refused && outcome.failed.length > 0) return [`${place}: failed: ${outcome.failed.join("; ")}; ${said}`];
  const missing = output === null ? null : firstMissing(output.text, outcome.output);
  return missing === null ? [] : [`${path}:${output!.line}: nowhere (or not there): ${missing}; ${said}`];
}

/** The first line of `wanted` that does not come in `said` after those before it. */
function firstMissing(wanted: string, said: string): string | null {
  const lines = said.split("\n");
  let from = 0;
  for (const line of wanted.split("\n").filter((text) => text.trim() !== "")) {
    const form = new RegExp(`^${line.trimEnd().split("…").map(escape).join(".*")}\\s*$`);
    const found = lines.findIndex((candidate, index) => index >= from && form.test(candidate));
    if (found < 0) return line;
    from = found + 1;
  }
  return null;
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

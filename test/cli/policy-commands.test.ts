import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import colors from "picocolors";
import { describe, expect, it } from "vitest";
import { run } from "../../src/cli/run.ts";
import { Recorder, rolecall } from "../harness/cli.ts";

const cases = new URL("../cases/policy-cli/", import.meta.url);
const files = fileURLToPath(new URL("files/", cases));

interface CommandCase {
  readonly name: string;
  readonly words: readonly string[];
  readonly input?: string;
  readonly code: number;
  readonly out?: readonly string[];
  readonly notOut?: readonly string[];
  readonly err?: readonly string[];
  /** One for each line of standard output. */
  readonly json?: readonly object[];
}

const commands = JSON.parse(readFileSync(new URL("commands.json", cases), "utf8")) as CommandCase[];

describe("the policy commands", () => {
  it.each(commands.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const { code, out, err } = await rolecall(files, one.words, {}, one.input);
    expect({ code, out, err }).toMatchObject({ code: one.code });
    for (const text of one.out ?? []) expect(out).toContain(text);
    for (const text of one.notOut ?? []) expect(out).not.toContain(text);
    for (const text of one.err ?? []) expect(err).toContain(text);
    if (one.err === undefined) expect(err).toBe("");
    if (one.json === undefined) return;
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(one.json);
  });

  it("colour what they say on a terminal only", async () => {
    const terminal = new Recorder(files);
    await run(["test", "differing.json"], Object.assign(terminal, { color: colors.createColors(true) }));
    expect(terminal.out).toContain("\u001b[31mdiffers\u001b[39m");
    expect((await rolecall(files, ["test", "differing.json"])).out).not.toContain("\u001b");
  });

  it("tell of themselves", async () => {
    for (const name of ["explain", "validate", "test"]) {
      const { code, out } = await rolecall(files, ["help", name]);
      expect({ code, out }).toMatchObject({
        code: 0,
        out: expect.stringContaining(`Usage: rolecall ${name}`) as string,
      });
      expect(out).toContain("Exit codes:");
    }
  });
});

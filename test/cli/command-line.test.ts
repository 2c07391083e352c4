import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { casesIn } from "../harness/cases.ts";
import { emptyDirectory, rolecall } from "../harness/cli.ts";

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment?: Record<string, string>;
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
}

const cases = casesIn<Case>("cli/command-line.jsonl");

describe("the command line", () => {
  let directory = emptyDirectory();
  beforeEach(() => {
    directory.remove();
    directory = emptyDirectory();
  });
  afterAll(() => directory.remove());

  it.each(cases)("$name", async ({ words, environment, code, out, err }) => {
    const said = await rolecall(directory.path, words, environment);
    const shown = said.err.replaceAll(directory.path, "DIR");
    expect({ code: said.code, err: shown }).toMatchObject({ code, err: expect.stringContaining(err ?? "") as string });
    if (err === undefined) expect(said.err).toBe("");
    expect(said.out).toContain(out ?? "");
    expect(said.err).not.toContain("a defect");
  });
});

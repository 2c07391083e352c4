import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  allDeclarations,
  ConfigurationError,
  environmentName,
  flagName,
  resolveSettings,
} from "../../src/config/index.ts";
import type { Settings } from "../../src/config/index.ts";
import { casesIn } from "../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly flags?: Record<string, string | boolean>;
  readonly environment?: Record<string, string>;
  readonly file?: string;
  readonly other?: { readonly path: string; readonly text: string };
  readonly settings?: Record<string, unknown>;
  readonly quotas?: Record<string, number>;
  readonly problems?: readonly string[];
}

const cases = casesIn<Case>("config/settings.jsonl");

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rolecall-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function resolve({ flags = {}, environment = {}, file, other }: Case): Settings | readonly string[] {
  if (file !== undefined) writeFileSync(join(cwd, "rolecall.json"), file);
  if (other !== undefined) {
    mkdirSync(dirname(join(cwd, other.path)), { recursive: true });
    writeFileSync(join(cwd, other.path), other.text);
  }
  try {
    return resolveSettings({ flags, environment, cwd });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

describe("settings", () => {
  it.each(cases)("$name", (given) => {
    const outcome = resolve(given);
    const shown = JSON.parse(JSON.stringify(outcome).replaceAll(JSON.stringify(cwd).slice(1, -1), "DIR")) as unknown;
    if (given.problems !== undefined) expect(shown).toEqual(given.problems);
    else
      expect(shown).toMatchObject({
        ...given.settings,
        ...(given.quotas === undefined ? {} : { quotas: given.quotas }),
      });
  });

  it("have names of their own in every source", () => {
    for (const nameOf of [flagName, environmentName, (key: string) => key]) {
      const names = allDeclarations.map(({ key }) => nameOf(key));
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("have examples that are values", () => {
    const wrong = allDeclarations.filter(({ kind, example }) => kind.fromText(example, "/") === undefined);
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });
});

/** Every recorded answer of AWS to an operation that is built, but for ids, times and names. */
import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { starter } from "../../harness/places.ts";
import { startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { play } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

interface Exception {
  readonly name: string;
  readonly step: string;
  readonly reason: string;
  readonly differences: readonly string[];
}

interface LeftOut {
  readonly name: string;
  /** How many: tests with parameters were recorded with several. */
  readonly recordings: number;
  readonly reason: string;
}

const files = readdirSync(new URL("../../cases/recorded/scenarios/", import.meta.url));
const scenarios = new Map(files.map((file) => [file, casesIn<Scenario>(`recorded/scenarios/${file}`)]));
const exceptions = casesIn<Exception>("recorded/exceptions.jsonl");

const start = starter();
let world: World;

beforeAll(async () => {
  world = await startWorld(start, { database: { sqlite: ":memory:" } });
});

describe.each([...scenarios])("%s", (_, those) => {
  it.each(those)("$name", async (scenario) => {
    const { Account, Administrator } = (await world.a.rolecall("CreateAccount")).body;
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = Administrator;
    const found: Record<string, readonly string[]> = {};
    const played = play(scenario, world.url, Account.AccountId, { accessKeyId, secretAccessKey });
    for await (const { step, differences } of played) {
      if (differences.length > 0) found[step.step ?? step.call] = differences;
    }
    const excepted = exceptions.filter(({ name }) => name === scenario.name);
    expect(found).toEqual(Object.fromEntries(excepted.map(({ step, differences }) => [step, differences])));
  });
});

it("has a scenario for each recorded test, or a reason why not", () => {
  const names = [...scenarios.values()].flat().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const leftOut = casesIn<LeftOut>("recorded/left-out.jsonl");
  const others = leftOut.reduce((sum, { recordings }) => sum + recordings, 0);
  // As many tests as the recordings have.
  expect(names.length + others).toBe(383);
  expect(exceptions.filter(({ name }) => !names.includes(name))).toEqual([]);
});

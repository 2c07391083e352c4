/** What the API's models have and data/handled.jsonl does not: it is named, and fails here until somebody has handled it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/contracts.mjs", import.meta.url));
const handled = readFileSync(new URL("../../../data/handled.jsonl", import.meta.url), "utf8");

/** @returns one line for each thing that is new or gone */
function newsOf(...file: string[]): readonly string[] {
  const { stdout, stderr } = spawnSync(process.execPath, [script, "--news", ...file], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

test("the models have nothing that is not handled, and nothing is listed that they do not have", () => {
  expect(newsOf()).toEqual([]);
});

test("what is new is named: a service, an operation, a member, an error, a value; and what is gone", () => {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-news-"));
  const file = join(directory, "handled.jsonl");
  const older = handled
    .split("\n")
    .filter((line) => !/"of":"(service sts|iam operation AcquireRole)"/.test(line))
    .map((line) => (line.includes('"iam structure User"') ? line.replace('"PermissionsBoundary",', "") : line))
    .map((line) => (line.includes('"iam operation CreateUser"') ? line.replace('"LimitExceeded",', "") : line))
    .map((line) => (line.includes('"iam enumeration statusType"') ? line.replace(',"Inactive"', "") : line));
  writeFileSync(file, [...older, '{"of":"iam operation CreateThing","errors":[]}'].join("\n"));
  expect(newsOf(file)).toEqual([
    "not handled: iam enumeration statusType: value Inactive",
    "not handled: iam operation AcquireRole",
    "not handled: iam operation CreateUser: error LimitExceeded",
    "not handled: iam structure User: member PermissionsBoundary",
    "not handled: service sts",
    "gone from the models: iam operation CreateThing",
  ]);
  rmSync(directory, { recursive: true });
});

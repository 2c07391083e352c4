/** Documents of the policies that denials refer to: written with the records, once within reach, as long as a budget lasts. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock/clock.ts";
import { openDatabase } from "../../src/store/open.ts";
import { documentReach, DocumentLedger, quota } from "../../src/trail/document-ledger.ts";
import { TrailFiles } from "../../src/trail/files.ts";
import type { PolicyDocument } from "../../src/trail/policy-snapshots.ts";
import type { TrailRecord } from "../../src/trail/facts.ts";
import { Trail } from "../../src/trail/trail.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-documents-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const day = Date.UTC(2026, 10, 23, 12);
const nextDay = day + 86_400_000;

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function eventId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A denial whose sidecar refers to these documents. */
function denial(number: number, texts: readonly string[], owner = "AIDA1", at = day): TrailRecord {
  const id = eventId(number);
  return {
    eventId: id,
    account: "111122223333",
    at,
    text: JSON.stringify({ eventID: id }),
    private: JSON.stringify({ eventID: id, policies: texts.map((text) => ({ sha256: hashOf(text) })) }),
    policies: new Map<string, PolicyDocument>(texts.map((text) => [hashOf(text), { text, owner }])),
  };
}

/** What is kept of a denial's documents. */
async function kept(files: TrailFiles, number: number, texts: readonly string[], at = day): Promise<string[]> {
  const file = `events-${new Date(at).toISOString().slice(0, 10)}.jsonl`;
  const found = await files.sidecar(file, eventId(number), null, { left: 100_000_000 });
  if (!("text" in found) || found.text === null) throw new Error("there is no sidecar");
  return [...(await files.documents(file, found.end, texts.map(hashOf))).values()];
}

function privateLines(name = "decisions-2026-11-23.jsonl"): string[] {
  return readFileSync(join(directory, "trail", "private", name), "utf8")
    .trimEnd()
    .split("\n");
}

test("a thousand new documents are one write, before what refers to them", async () => {
  const probe = await open(join(directory, "probe"), "w");
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const syncs = vi.spyOn(handles, "datasync");
  const database = await openDatabase({ sqlite: ":memory:" });
  const files = new TrailFiles(directory);
  const trail = new Trail({
    database,
    clock: systemClock,
    files,
    onError: (error) => expect.unreachable(String(error)),
  });
  for (let number = 0; number < 1000; number++)
    trail.append([denial(number, [`document ${number}`], `AIDA${number}`)], "somebody");
  trail.append([denial(1000, [])], "somebody");
  await trail.writeOut();
  // One for the private lines, one for the records.
  expect(syncs).toHaveBeenCalledTimes(2);
  const [name] = readdirSync(join(directory, "trail", "private"));
  expect(readdirSync(join(directory, "trail", "private"))).toHaveLength(1);
  const seen = new Set<string>();
  for (const line of privateLines(name)) {
    const { sha256, policies = [] } = JSON.parse(line) as { sha256?: string; policies?: { sha256: string }[] };
    if (sha256 !== undefined) seen.add(sha256);
    for (const reference of policies) expect(seen.has(reference.sha256)).toBe(true);
  }
  expect(seen.size).toBe(1000);
  await trail.close();
  await database.close();
});

test("a document is written once within reach, and again beyond it, so that it is found not far before its record", async () => {
  const files = new TrailFiles(directory);
  const times = (): number => privateLines().filter((line) => line.includes('"document":"mine"')).length;
  await files.append([denial(1, ["mine"]), denial(2, ["mine"])], day);
  await files.append([denial(3, ["mine"])], day);
  expect(times()).toBe(1);
  const filler = {
    ...denial(4, []),
    private: JSON.stringify({ eventID: eventId(4), filler: "x".repeat(documentReach) }),
  };
  await files.append([filler, denial(5, ["mine"])], day);
  expect(times()).toBe(2);
  for (const number of [1, 2, 3, 5]) expect(await kept(files, number, ["mine"])).toEqual(["mine"]);
  // A start knows nothing of what was written before.
  await files.close();
  const again = new TrailFiles(directory);
  await again.append([denial(6, ["mine"])], day);
  expect(await kept(again, 6, ["mine"])).toEqual(["mine"]);
  await again.close();
});

test("the first records of a day find theirs in the file of the day before", async () => {
  const files = new TrailFiles(directory);
  await files.append([denial(1, ["mine", "yours"])], day);
  await files.append([denial(2, ["mine"])], nextDay);
  expect(await kept(files, 2, ["mine"], nextDay)).toEqual(["mine"]);
  // Of another writer's files there is nothing to be known.
  const worker = new TrailFiles(directory, "w1");
  await worker.append([denial(3, ["yours"])], nextDay);
  expect(privateLines("decisions-2026-11-24.w1.jsonl")).toHaveLength(2);
  await Promise.all([files.close(), worker.close()]);
});

test("ever new documents of one owner are left out once its budget is spent, and said to be; others go on", async () => {
  const files = new TrailFiles(directory);
  const long = (number: number): string => `${number} ${"x".repeat(quota / 10)}`;
  for (let number = 0; number < 20; number++) await files.append([denial(number, [long(number)])], day);
  expect(await kept(files, 0, [long(0)])).toHaveLength(1);
  expect(await kept(files, 19, [long(19)])).toEqual([]);
  expect(privateLines().filter((line) => line.includes("notKept"))).toHaveLength(11);
  expect(privateLines().at(-2)).toBe(`{"sha256":"${hashOf(long(19))}","notKept":${long(19).length}}`);
  // What is known costs nothing, and what is small still fits.
  await files.append([denial(20, [long(0), "small"])], day);
  expect(await kept(files, 20, [long(0), "small"])).toHaveLength(2);
  await files.append([denial(21, [long(21)], "AROA2")], day);
  expect(await kept(files, 21, [long(21)])).toHaveLength(1);
  await files.append([denial(22, [long(22)], "AIDA1", day + 3_600_000)], day);
  expect(await kept(files, 22, [long(22)])).toHaveLength(1);
  await files.close();
});

test("what a ledger remembers is bounded", () => {
  const ledger = new DocumentLedger();
  const line = (number: number, now = day) =>
    ledger.lineFor(hashOf(String(number)), { text: "{}", owner: "AIDA1" }, now);
  for (let number = 0; number <= 10_000; number++) expect(line(number)).not.toBeNull();
  expect(line(10_000)).toBeNull();
  // The one that was written longest ago is written anew.
  expect(line(0)).toContain('"document"');
});

test("documents of former versions are read; what was changed, and a name that is none, are refused", async () => {
  const files = new TrailFiles(directory);
  await files.append([denial(1, [])], day);
  const former = join(directory, "trail", "private", "policies");
  mkdirSync(former);
  for (const text of ["former", "other"]) writeFileSync(join(former, `${hashOf(text)}.json`), "former");
  expect(await kept(files, 1, ["former"])).toEqual(["former"]);
  await expect(kept(files, 1, ["other"])).rejects.toThrow("was changed");
  const name = "events-2026-11-23.jsonl";
  await expect(files.documents(name, 1, ["../../master"])).rejects.toThrow("is not the name of a policy document");
  await files.append([denial(2, ["mine"])], day);
  const path = join(directory, "trail", "private", "decisions-2026-11-23.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replace('"document":"mine"', '"document":"ours"'));
  await expect(kept(files, 2, ["mine"])).rejects.toThrow("was changed");
  await files.close();
});

test("in memory they go with the last record that refers to them", async () => {
  const database = await openDatabase({ sqlite: ":memory:" });
  const trail = new Trail({
    database,
    clock: systemClock,
    files: null,
    onError: (error) => expect.unreachable(String(error)),
  });
  trail.append([denial(0, ["mine"]), denial(1, ["mine", "yours"])], "somebody");
  const found = async (text: string) => (await trail.documents("memory", 0, [hashOf(text)])).get(hashOf(text));
  await trail.writeOut();
  trail.append(
    Array.from({ length: 9_999 }, (_, index) => denial(index + 2, [])),
    "somebody",
  );
  await trail.writeOut();
  expect([await found("mine"), await found("yours")]).toEqual(["mine", "yours"]);
  trail.append([denial(20_000, [])], "somebody");
  await trail.writeOut();
  expect([await found("mine"), await found("yours")]).toEqual([undefined, undefined]);
  // Large ones push out the oldest records.
  for (let number = 0; number < 70; number++)
    trail.append([denial(number, [`${number} ${"x".repeat(1_000_000)}`])], "somebody");
  await trail.writeOut();
  expect(await found(`0 ${"x".repeat(1_000_000)}`)).toBeUndefined();
  expect(await found(`69 ${"x".repeat(1_000_000)}`)).toBeDefined();
  await trail.close();
  await database.close();
});

/** The trail of several writers in one directory. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PolicyDocument } from "../../src/trail/policy-snapshots.ts";
import { TrailFiles } from "../../src/trail/files.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-trail-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const day = Date.UTC(2026, 10, 23, 12);

/** @param at seconds after noon */
function record(name: string, at: number) {
  const eventTime = `${new Date(day + at * 1000).toISOString().slice(0, 19)}Z`;
  const eventId = `00000000-0000-4000-8000-${name.padStart(12, "0")}`;
  return {
    eventId,
    account: "111122223333",
    at: day + at * 1000,
    text: JSON.stringify({ eventVersion: "1.11", eventTime, eventName: name, eventID: eventId }),
    private: JSON.stringify({ eventID: eventId, requirements: [] }),
    policies: new Map<string, PolicyDocument>(),
  };
}

const budget = () => ({ left: 1_000_000 });

async function names(files: TrailFiles): Promise<string[]> {
  const found: string[] = [];
  const scan = await files.scan(null, budget());
  for (let next = await scan.next(); next !== null; next = await scan.next()) {
    found.push((JSON.parse(next.bytes.toString()) as { eventName: string }).eventName);
  }
  await scan.close();
  return found;
}

test("is read as one, newest first, also when its day has ended", async () => {
  const owner = new TrailFiles(directory);
  const [first, second] = [new TrailFiles(directory, "w1"), new TrailFiles(directory, "w2")];
  await first.append([record("1", 1), record("4", 4)], day);
  await second.append([record("2", 2), record("5", 5)], day);
  await owner.append([record("3", 3), record("6", 6)], day);
  await second.append([record("7", 86_400)], day + 86_400_000);
  for (const files of [owner, first, second]) expect(await names(files)).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
  for (const files of [owner, first, second]) await files.close();
});

test("finds a record and its sidecar in whoever's file, and only its writer counts it as its own", async () => {
  const owner = new TrailFiles(directory);
  const worker = new TrailFiles(directory, "w12");
  await worker.append([record("8", 1)], day);
  await owner.append([record("9", 1)], day);
  const { eventId } = record("8", 1);
  const scan = await owner.scan(null, budget());
  const files = [(await scan.next())!.file, (await scan.next())!.file];
  await scan.close();
  expect(files.toSorted()).toEqual(["events-2026-11-23.jsonl", "events-2026-11-23.w12.jsonl"]);
  const inWorkers = await owner.sidecar("events-2026-11-23.w12.jsonl", eventId, null, budget());
  expect(inWorkers).toMatchObject({ text: record("8", 1).private });
  expect(await owner.sidecar("events-2026-11-23.jsonl", eventId, null, budget())).toEqual({ text: null });
  expect([...(await owner.recentIds())]).toEqual([record("9", 1).eventId]);
  expect([...(await worker.recentIds())]).toEqual([eventId]);
  await owner.close();
  await worker.close();
});

test("a writer mends its own file and leaves a line that another is writing alone", async () => {
  const worker = new TrailFiles(directory, "w1");
  await worker.append([record("1", 1)], day);
  const half = '{"eventVersion":"1.11","eventTi';
  appendFileSync(join(directory, "trail", "events-2026-11-23.w1.jsonl"), half);
  const owner = new TrailFiles(directory);
  await owner.append([record("2", 2)], day);
  expect(await names(owner)).toEqual(["2", "1"]);
  await worker.close();
  const replaced = new TrailFiles(directory, "w1");
  await replaced.append([record("3", 3)], day);
  expect(await names(owner)).toEqual(["3", "2", "1"]);
  await replaced.close();
  await owner.close();
});

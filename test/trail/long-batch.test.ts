/** A batch that has become long is written at once: the interval never comes here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock/clock.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { TrailFiles } from "../../src/trail/files.ts";
import { Trail } from "../../src/trail/trail.ts";

let directory: string;
let database: Database;
const errors: unknown[] = [];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-batch-"));
  database = await openDatabase({ sqlite: ":memory:" });
  errors.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(files: TrailFiles): Trail {
  return new Trail({ database, clock: systemClock, files, onError: (error) => errors.push(error) });
}

function take(trail: Trail, count: number): void {
  for (let index = 0; index < count; index++) {
    const text = JSON.stringify({ eventID: `e${index}`, padding: "x".repeat(1000) });
    trail.append([{ eventId: `e${index}`, account: "1", at: 0, text, private: text, policies: new Map() }], "somebody");
  }
}

async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** `vi.waitFor` would let the time go on. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test("few records wait for the interval, many do not", async () => {
  const trail = open(new TrailFiles(directory));
  take(trail, 100);
  await idle();
  expect(trail.state.queued).toBe(100);
  take(trail, 900);
  await until(() => trail.state.queued === 0);
  expect(errors).toEqual([]);
  await trail.close();
});

test("a failure is tried again when its time has come, however much arrives until then", async () => {
  const files = new TrailFiles(directory);
  const write = vi.spyOn(files, "write").mockRejectedValue(new Error("the disk is full"));
  const trail = open(files);
  take(trail, 1000);
  await until(() => trail.state.failing);
  expect(write).toHaveBeenCalledOnce();
  for (let round = 0; round < 3; round++) {
    take(trail, 1000);
    await idle();
  }
  expect(write).toHaveBeenCalledOnce();
  write.mockRestore();
  vi.advanceTimersByTime(1000);
  await until(() => trail.state.queued === 0 && !trail.state.failing);
  await trail.close();
});

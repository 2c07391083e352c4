/** Records of nobody: a budget, counts beyond it, files of their own, and room for changes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { services } from "../../src/services/services.ts";
import { defaultKeeping, shareOf } from "../../src/trail/keeping.ts";
import type { TrailKeeping } from "../../src/trail/keeping.ts";
import type { Room } from "../../src/trail/disk-room.ts";
import { DiskRoom } from "../../src/trail/disk-room.ts";
import type { CountedFacts } from "../../src/trail/nobody-counts.ts";
import { NobodyFile } from "../../src/trail/nobody-file.ts";
import { NobodyTrail } from "../../src/trail/nobody-trail.ts";
import { endOldFiles } from "../../src/trail/retention.ts";
import { dataDirectory } from "../harness/places.ts";

const midnight = Date.UTC(2026, 10, 27);

const facts = (now: number, more: Partial<CountedFacts> = {}): CountedFacts => ({
  now,
  operation: services.sts.recorded(services.sts.codec.contract.operations["GetCallerIdentity"]!),
  region: "us-east-1",
  sourceIp: "198.51.100.7",
  fault: { code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" },
  fallbackAccount: "111122223333",
  ...more,
});

interface Line {
  readonly requestID: string;
  readonly errorCode: string;
  readonly additionalEventData?: { readonly counted?: { readonly count: number; readonly addresses: string[] } };
}

function scene(more: Partial<TrailKeeping> = {}, room: () => Room = () => "enough") {
  const directory = dataDirectory();
  const file = new NobodyFile(directory, "");
  const trail = new NobodyTrail(file, { ...defaultKeeping, ...more }, room);
  const lines = (): Line[] =>
    readdirSync(directory)
      .flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n"))
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
  const told = () => {
    const counts = lines().flatMap(({ additionalEventData }) => additionalEventData?.counted?.count ?? []);
    return { records: lines().length - counts.length, counted: counts.reduce((sum, count) => sum + count, 0) };
  };
  return { directory, file, trail, lines, told };
}

const record = JSON.stringify({ requestID: "r", filler: "x".repeat(900) });

describe("a flood of requests that nobody signed", () => {
  test("has so many records a second, and each of the others is counted", async () => {
    const { trail, told, file } = scene({ nobodyPerSecond: 10 });
    for (let index = 0; index < 3000; index++) trail.take(facts(midnight + index), () => record);
    await trail.flush(midnight + 3000, true, false);
    expect(told()).toEqual({ records: 30, counted: 2970 });
    expect(trail.counted).toBe(2970);
    await file.close();
  });

  test("has so many bytes a day: half of them at once, the others as the day goes", async () => {
    const { trail, told, file } = scene({ nobodyPerSecond: 1e6, nobodyBytesPerDay: 1_000_000 });
    const flood = (at: number) => {
      for (let index = 0; index < 2000; index++) trail.take(facts(at), () => record);
    };
    flood(midnight);
    await trail.flush(midnight, true, false);
    const morning = told();
    expect(morning.records * record.length).toBeLessThan(510_000);
    expect(morning.records * record.length).toBeGreaterThan(490_000);
    flood(midnight + 43_200_000);
    await trail.flush(midnight + 43_200_000, true, false);
    const noon = told();
    expect(noon.records * record.length).toBeLessThan(760_000);
    expect(noon.records).toBeGreaterThan(morning.records);
    expect(noon.records + noon.counted).toBe(4000);
    // What is there already counts after a new start.
    const again = new NobodyTrail(file, { ...defaultKeeping, nobodyBytesPerDay: 1_000_000 }, () => "enough");
    await again.recover(midnight + 43_200_000);
    again.take(facts(midnight + 43_200_001), () => record);
    expect(again.counted).toBe(1);
    await file.close();
  });

  test("of ever new kinds is told in few lines", async () => {
    const { trail, lines, told, file } = scene({ nobodyPerSecond: 0 });
    for (let index = 0; index < 1000; index++) {
      const fault = { code: `Code${index}`, message: "" };
      trail.take(facts(midnight, { fault, sourceIp: `2001:db8::${index}` }), () => record);
    }
    await trail.flush(midnight, true, false);
    expect(lines().length).toBeLessThan(20);
    expect(told().counted).toBe(1000);
    for (const { additionalEventData } of lines()) {
      expect(additionalEventData!.counted!.addresses.length).toBeLessThanOrEqual(10);
    }
    await file.close();
  });

  test("counts are told every ten seconds, and whenever somebody wants to see", async () => {
    const { trail, told, file } = scene({ nobodyPerSecond: 0 });
    trail.take(facts(midnight), () => record);
    await trail.flush(midnight, false, false);
    expect(told().counted).toBe(1);
    trail.take(facts(midnight), () => record);
    await trail.flush(midnight + 9000, false, false);
    expect(told().counted).toBe(1);
    expect(trail.empty).toBe(false);
    await trail.flush(midnight + 10_000, false, false);
    expect(told().counted).toBe(2);
    expect(trail.empty).toBe(true);
    await file.close();
  });

  test("is only counted where the disk is short, and not even that is written where the rest is for changes", async () => {
    let room: Room = "short";
    const { trail, told, file } = scene({}, () => room);
    for (let index = 0; index < 50; index++) trail.take(facts(midnight), () => record);
    await trail.flush(midnight, true, false);
    expect(told()).toEqual({ records: 0, counted: 50 });
    room = "reserve";
    for (let index = 0; index < 50; index++) trail.take(facts(midnight), () => record);
    await trail.flush(midnight, true, false);
    expect(told()).toEqual({ records: 0, counted: 50 });
    room = "enough";
    await trail.flush(midnight, true, false);
    expect(told()).toEqual({ records: 0, counted: 100 });
    await file.close();
  });

  test("becomes counts where its file cannot be written", async () => {
    let broken = true;
    const written: string[] = [];
    const sink = {
      async write(records: readonly string[]): Promise<void> {
        if (broken) throw new Error("ENOSPC");
        written.push(...records);
      },
      bytesOf: async () => 0,
    };
    const trail = new NobodyTrail(sink, defaultKeeping, () => "enough");
    for (let index = 0; index < 150; index++) trail.take(facts(midnight), () => record);
    await expect(trail.flush(midnight, true, false)).rejects.toThrow("ENOSPC");
    broken = false;
    await trail.flush(midnight, true, false);
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0]!)).toMatchObject({ additionalEventData: { counted: { count: 150 } } });
  });
});

test("workers share the budget", () => {
  expect(shareOf(defaultKeeping, 4)).toMatchObject({ nobodyPerSecond: 25, nobodyBytesPerDay: 25_000_000 });
});

test.each<[free: number, room: Room]>([
  [300, "enough"],
  [200, "enough"],
  [199, "short"],
  [100, "short"],
  [99, "reserve"],
  [25, "reserve"],
  [24, "last"],
  [0, "last"],
])("a disk with %i bytes left of 10,000 and a reserve of 100: %s", async (free, room) => {
  const disk = new DiskRoom("/", 100, async () => ({ total: 10_000, free }));
  await disk.look();
  expect(disk.room).toBe(room);
  // A small disk is not all reserve.
  const small = new DiskRoom("/", 1e9, async () => ({ total: 1000, free }));
  await small.look();
  expect(small.room).toBe(room);
});

describe("files that are kept", () => {
  const now = Date.UTC(2026, 10, 27, 12);
  const days = ["2026-11-10", "2026-11-20", "2026-11-25", "2026-11-26", "2026-11-27"];

  function filled(): string {
    const directory = dataDirectory();
    mkdirSync(join(directory, "private"));
    for (const day of days) {
      writeFileSync(join(directory, `events-${day}.jsonl`), "x".repeat(500));
      writeFileSync(join(directory, `events-${day}.w1.jsonl`), "x".repeat(300));
      writeFileSync(join(directory, "private", `decisions-${day}.w1.jsonl`), "x".repeat(200));
      writeFileSync(join(directory, `nobody-${day}.jsonl`), "x".repeat(600));
      writeFileSync(join(directory, `nobody-${day}.w2.jsonl`), "x".repeat(400));
    }
    return directory;
  }

  const left = (directory: string, kind: string): string[] => [
    ...new Set(
      readdirSync(directory, { recursive: true, encoding: "utf8" })
        .filter((name) => name.includes(`${kind}-`))
        .map((name) => /\d{4}-\d{2}-\d{2}/.exec(name)![0])
        .sort(),
    ),
  ];

  test.each<[string, Partial<TrailKeeping>, boolean, nobody: string[], events: string[]]>([
    ["by default: nobody's for seven days, all others for ever", {}, false, days.slice(1), days],
    ["no limit", { nobodyKeepDays: 0, nobodyKeepBytes: 0 }, false, days, days],
    ["nobody's by bytes", { nobodyKeepBytes: 2500 }, false, days.slice(3), days],
    ["never today's", { nobodyKeepBytes: 1, nobodyKeepDays: 1 }, false, days.slice(4), days],
    ["nobody's go where the disk is short", {}, true, days.slice(4), days],
    ["all others by days", { keepDays: 5 }, false, days.slice(1), days.slice(2)],
    ["all others by bytes", { keepBytes: 3000 }, false, days.slice(1), days.slice(2)],
    ["never the newest two", { keepBytes: 1, keepDays: 1 }, false, days.slice(1), days.slice(3)],
  ])("%s", async (_name, more, short, nobody, events) => {
    const directory = filled();
    await endOldFiles(directory, { ...defaultKeeping, ...more }, now, short);
    expect(left(directory, "nobody")).toEqual(nobody);
    expect(left(directory, "events")).toEqual(events);
    expect(left(directory, "decisions")).toEqual(events);
  });
});

/** Reading the trail backwards, in parts: whatever the bounds, all parts together are the whole, in its order. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { longestRecord } from "../../src/trail/backward-lines.ts";
import { TrailFiles } from "../../src/trail/files.ts";
import type { Place } from "../../src/trail/source.ts";
import { Random } from "../harness/random.ts";
import { seed } from "../harness/seed.ts";

let directory: string;
let files: TrailFiles;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-trail-"));
  mkdirSync(join(directory, "trail", "private"), { recursive: true });
  files = new TrailFiles(directory);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (name: string): string => join(directory, "trail", name);

/** @param second of the day */
function line(id: number, day: string, second: number, length: number): string {
  const time = new Date(Date.parse(`${day}T00:00:00Z`) + second * 1000).toISOString().slice(0, 19);
  return `{"eventTime":"${time}Z","eventID":"${id}","filler":"${"ü".repeat(length)}"}\n`;
}

interface Part {
  readonly ids: string[];
  readonly read: number;
  readonly place: Place | null;
}

/** @param most records to take */
async function part(from: Place | null, bytes: number, most = Number.POSITIVE_INFINITY): Promise<Part> {
  const budget = { left: bytes };
  const scan = await files.scan(from, budget);
  const ids: string[] = [];
  while (ids.length < most) {
    const record = await scan.next();
    if (record === null) break;
    ids.push(record.whole ? (JSON.parse(record.bytes.toString()) as { eventID: string }).eventID : "too long");
  }
  const { place } = scan;
  await scan.close();
  return { ids, read: bytes - budget.left, place };
}

async function inParts(bytes: number, most?: number): Promise<{ ids: string[]; parts: number; worst: number }> {
  const ids: string[] = [];
  let [parts, worst] = [0, 0];
  let place: Place | null = null;
  do {
    const found: Part = await part(place, bytes, most);
    ids.push(...found.ids);
    worst = Math.max(worst, found.read);
    // What a place costs to carry around does not grow.
    place = found.place === null ? null : (JSON.parse(JSON.stringify(found.place)) as Place);
    if (++parts > 5000) throw new Error("no end");
  } while (place !== null);
  return { ids, parts, worst };
}

test("several writers over several days, with any bound on bytes or records", async () => {
  const random = new Random(seed);
  let id = 0;
  for (const day of ["2026-11-21", "2026-11-22", "2026-11-23"]) {
    for (let second = 0; second < 100; second++) {
      const writer = random.pick(["", ".w1", ".w2"]);
      const length = random.chance(0.05) ? 50_000 : random.below(3000);
      appendFileSync(path(`events-${day}${writer}.jsonl`), line(++id, day, second, length));
    }
  }
  writeFileSync(path("events-2026-11-20.jsonl"), "");
  const whole = (await part(null, Number.POSITIVE_INFINITY)).ids;
  expect(whole).toEqual(Array.from({ length: id }, (_, index) => String(id - index)));
  for (const bytes of [1, 70_000, 300_000]) {
    const { ids, worst } = await inParts(bytes);
    expect(ids).toEqual(whole);
    // Each of the three files may always read one line, the longest of which has 100 kB, and the piece that it stands in.
    expect(worst).toBeLessThan(bytes + 3 * (100_000 + 2 * 65_536));
  }
  for (const most of [1, 7]) expect((await inParts(1_000_000, most)).ids).toEqual(whole);
});

test("what is written after a search began is not part of it", async () => {
  const day = "2026-11-23";
  for (let id = 1; id <= 10; id++) appendFileSync(path(`events-${day}.jsonl`), line(id, day, id, 10));
  const first = await part(null, 1_000_000, 4);
  appendFileSync(path(`events-${day}.jsonl`), line(11, day, 11, 10));
  writeFileSync(path(`events-${day}.w1.jsonl`), line(12, day, 12, 10));
  writeFileSync(path("events-2026-11-24.jsonl"), line(13, "2026-11-24", 1, 10));
  expect((await part(first.place, 1_000_000)).ids).toEqual(["6", "5", "4", "3", "2", "1"]);
  expect((await part(null, 1_000_000, 3)).ids).toEqual(["13", "12", "11"]);
  // Files that are gone meanwhile have nothing to show.
  rmSync(path(`events-${day}.jsonl`));
  expect(await part(first.place, 1_000_000)).toMatchObject({ ids: [], place: null });
});

test("a line that is too long is told once and held never, and reading goes on before it", async () => {
  const day = "2026-11-23";
  const name = path(`events-${day}.jsonl`);
  appendFileSync(name, line(1, day, 1, 10));
  appendFileSync(name, line(2, day, 2, 4 * longestRecord));
  appendFileSync(name, line(3, day, 3, 10));
  appendFileSync(name, '{"eventID":"cut off by a kil');
  expect((await part(null, Number.POSITIVE_INFINITY)).ids).toEqual(["3", "too long", "1"]);
  // With little to read at a time the rest of it is passed over in several parts.
  const { ids, worst, parts } = await inParts(200_000);
  expect(ids).toEqual(["3", "too long", "1"]);
  expect(parts).toBeGreaterThan(10);
  expect(worst).toBeLessThan(longestRecord + 2 * 65_536);
});

test("a sidecar is found in parts, and only the event's own", async () => {
  const name = join(directory, "trail", "private", "decisions-2026-11-23.jsonl");
  const wanted = "00000000-0000-4000-8000-000000000001";
  const sidecar = JSON.stringify({ eventID: wanted, requirements: [] });
  appendFileSync(name, `${sidecar}\n`);
  for (let index = 0; index < 400; index++) {
    appendFileSync(
      name,
      `${JSON.stringify({ eventID: String(index), quoted: { eventID: wanted }, filler: "x".repeat(900) })}\n`,
    );
  }
  let before: number | null = null;
  let parts = 0;
  for (;;) {
    const budget = { left: 100_000 };
    const found = await files.sidecar("events-2026-11-23.jsonl", wanted, before, budget);
    parts++;
    expect(budget.left).toBeGreaterThan(-65_536);
    if ("text" in found) {
      expect(found.text).toBe(sidecar);
      break;
    }
    before = found.before;
  }
  expect(parts).toBeGreaterThan(2);
  expect(await files.sidecar("events-2026-11-24.jsonl", wanted, null, { left: 1 })).toEqual({ text: null });
});

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TrailKeeping } from "./keeping.ts";

/** Files of one kind, what they take, by their day. */
interface Day {
  readonly day: string;
  readonly paths: readonly string[];
  readonly bytes: number;
}

const dayMs = 86_400_000;
/** Days of the files that a start reads to know what it has written before (files.ts). */
const newestKept = 2;

/**
 * Deletes what has been kept long enough, whole days, the oldest first. Today's files stay, and the newest two days of
 * events: what is on its way from the outbox is told by them.
 *
 * @param directory of the trail
 * @param now milliseconds since the epoch
 * @param short whether the disk is: older files of nobody go whatever their age
 */
export async function endOldFiles(
  directory: string,
  keeping: TrailKeeping,
  now: number,
  short: boolean,
): Promise<void> {
  const today = dayOf(now);
  const nobody = await daysOf(directory, [["", "nobody"]]);
  const older = nobody.filter(({ day }) => day < today);
  const { nobodyKeepDays, nobodyKeepBytes, keepDays, keepBytes } = keeping;
  await remove(short ? older : beyond(older, nobody, nobodyKeepDays, nobodyKeepBytes, now));
  if (keepDays === 0 && keepBytes === 0) return;
  // A record goes before what explains it.
  const events = await daysOf(directory, [
    ["", "events"],
    ["private", "decisions"],
  ]);
  const old = events.filter(({ day }) => day < today).slice(0, Math.max(0, events.length - newestKept));
  await remove(beyond(old, events, keepDays, keepBytes, now));
}

export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** Of days that may go those that have to. All lists are oldest first. */
function beyond(old: readonly Day[], all: readonly Day[], days: number, bytes: number, now: number): readonly Day[] {
  const first = days === 0 ? "" : dayOf(now - days * dayMs);
  let total = all.reduce((sum, day) => sum + day.bytes, 0);
  return old.filter((day) => {
    if (day.day >= first && (bytes === 0 || total <= bytes)) return false;
    total -= day.bytes;
    return true;
  });
}

async function daysOf(
  directory: string,
  kinds: readonly (readonly [folder: string, kind: string])[],
): Promise<readonly Day[]> {
  const days = new Map<string, { day: string; paths: string[]; bytes: number }>();
  for (const [folder, kind] of kinds) {
    const form = new RegExp(`^${kind}-(\\d{4}-\\d{2}-\\d{2})(?:\\.w\\d+)?\\.jsonl$`);
    for (const name of await readdir(join(directory, folder)).catch(() => [])) {
      const day = form.exec(name)?.[1];
      if (day === undefined) continue;
      const path = join(directory, folder, name);
      const found = days.get(day) ?? { day, paths: [], bytes: 0 };
      found.paths.push(path);
      found.bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
      days.set(day, found);
    }
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function remove(days: readonly Day[]): Promise<void> {
  for (const { paths } of days) for (const path of paths) await rm(path, { force: true });
}

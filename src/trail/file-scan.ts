import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { BackwardLines } from "./backward-lines.ts";
import type { PlacedLine, ReadBudget } from "./backward-lines.ts";
import type { Place, Scan, ScannedRecord } from "./source.ts";

/** The event files of one day, of all writers. */
export interface DayFiles {
  readonly day: string;
  readonly names: readonly string[];
}

/** The records in the files of the trail, the newest first, those of several writers as one. */
export class FileScan implements Scan {
  readonly #directory: string;
  /** Those whose files are not open yet, the newest first. */
  readonly #days: DayFiles[];
  readonly #budget: ReadBudget;
  #from: Place | null;
  #day: OpenDay | null = null;

  /** @param days the newest first */
  constructor(directory: string, days: readonly DayFiles[], from: Place | null, budget: ReadBudget) {
    this.#directory = directory;
    this.#days = from === null ? [...days] : days.filter(({ day }) => day <= from.day);
    this.#budget = budget;
    this.#from = from;
  }

  async next(): Promise<ScannedRecord | null> {
    for (;;) {
      if (this.#day === null && !(await this.#openDay())) return null;
      const record = await this.#day!.next();
      if (record !== null) return record;
      if (!this.#day!.ended) return null;
      await this.close();
    }
  }

  get place(): Place | null {
    if (this.#day !== null && !this.#day.ended) return this.#day.place;
    const [next] = this.#days;
    return next === undefined ? null : (placeAt(this.#from, next.day) ?? { day: next.day, ends: wholeFiles(next) });
  }

  async close(): Promise<void> {
    await this.#day?.close();
    this.#day = null;
  }

  async #openDay(): Promise<boolean> {
    if (this.#budget.left <= 0) return false;
    const next = this.#days.shift();
    if (next === undefined) return false;
    this.#day = await OpenDay.of(this.#directory, next, placeAt(this.#from, next.day), this.#budget);
    return true;
  }
}

function placeAt(place: Place | null, day: string): Place | null {
  return place?.day === day ? place : null;
}

/** A day of which nothing was looked at yet: its files, to their ends, wherever these are. */
function wholeFiles({ names }: DayFiles): Place["ends"] {
  return Object.fromEntries(names.map((name) => [name, Number.MAX_SAFE_INTEGER]));
}

interface Source {
  readonly name: string;
  readonly file: FileHandle;
  readonly lines: BackwardLines;
  head: PlacedLine | null;
  /** When the head was recorded, ISO 8601, so that text order is time order. */
  time: string;
}

/**
 * The files of one day, joined by their records' times. These have whole seconds: within one second those of one file
 * stand together.
 */
class OpenDay {
  readonly #day: string;
  readonly #sources: readonly Source[];
  /** One of several files has no head, though it has further lines: what comes next is not known. */
  #stopped = false;
  #begun = false;

  private constructor(day: string, sources: readonly Source[]) {
    this.#day = day;
    this.#sources = sources;
  }

  static async of(
    directory: string,
    { day, names }: DayFiles,
    from: Place | null,
    budget: ReadBudget,
  ): Promise<OpenDay> {
    const sources: Source[] = [];
    const opened = new OpenDay(day, sources);
    try {
      for (const name of names) {
        if (from !== null && !Object.hasOwn(from.ends, name)) continue;
        const file = await openThere(join(directory, name));
        if (file === null) continue;
        const { size } = await file.stat();
        const lines = new BackwardLines(file, Math.min(size, from?.ends[name] ?? size), budget);
        sources.push({ name, file, lines, head: null, time: "" });
      }
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  get ended(): boolean {
    return this.#sources.every(({ head, lines }) => head === null && lines.ended);
  }

  get place(): Place {
    const ends = this.#sources.map(({ name, head, lines }) => [name, head?.end ?? lines.place] as const);
    return { day: this.#day, ends: Object.fromEntries(ends) };
  }

  async next(): Promise<ScannedRecord | null> {
    if (!this.#begun) {
      this.#begun = true;
      for (const source of this.#sources) await this.#advance(source);
    }
    if (this.#stopped) return null;
    let newest: Source | null = null;
    for (const source of this.#sources) {
      if (source.head !== null && (newest === null || source.time > newest.time)) newest = source;
    }
    if (newest === null) return null;
    const { bytes, whole, end } = newest.head!;
    const record = { bytes, whole, day: this.#day, file: newest.name, end };
    await this.#advance(newest);
    return record;
  }

  async close(): Promise<void> {
    for (const { file } of this.#sources) await file.close();
  }

  async #advance(source: Source): Promise<void> {
    source.head = await source.lines.next();
    if (source.head === null) this.#stopped ||= !source.lines.ended;
    else if (this.#sources.length > 1) source.time = timeOf(source.head) ?? source.time;
  }
}

/** Null where it is not there (any more). */
export async function openThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    // Its time to be kept may have ended since the directory was read.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const timeMark = '"eventTime":"';
const timeLength = "2026-11-23T09:14:02Z".length;

/** Quotation marks inside values are escaped, and nothing before the member has members of that name. */
function timeOf({ bytes, whole }: PlacedLine): string | null {
  const at = whole ? bytes.indexOf(timeMark) : -1;
  return at < 0 ? null : bytes.toString("latin1", at + timeMark.length, at + timeMark.length + timeLength);
}

import { mkdir, open, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { TrailBatch } from "./batch.ts";
import { eventMark } from "./find.ts";
import type { FoundRecord } from "./find.ts";
import type { LineBytes } from "./line-bytes.ts";
import type { TrailRecord } from "./record.ts";

/**
 * The trail on disk: `trail/events-YYYY-MM-DD.jsonl` with one CloudTrail-shaped record a line, and
 * `trail/private/decisions-YYYY-MM-DD.jsonl` (mode 0600) with what a replay needs, keyed by event id. The day is the
 * day of writing, UTC. Each worker has files of its own, `events-YYYY-MM-DD.WORKER.jsonl`: a file that several append to
 * could not be mended after a write that failed. Reading puts them together.
 */
export class TrailFiles {
  readonly directory: string;
  /** What stands between the day and `.jsonl`. */
  readonly #writer: string;
  #day = "";
  #events: FileHandle | null = null;
  #private: FileHandle | null = null;

  /** @param worker whose files are written, e.g. `w1`; null for the data directory's owner */
  constructor(dataDirectory: string, worker: string | null = null) {
    this.directory = join(dataDirectory, "trail");
    this.#writer = worker === null ? "" : `.${worker}`;
  }

  /** As `write`. */
  async append(records: readonly TrailRecord[], now: number): Promise<void> {
    const batch = TrailBatch.of(records);
    await this.write(batch, now);
    batch.release();
  }

  /** Appends and makes durable (fdatasync) before it resolves. */
  async write(batch: TrailBatch, now: number): Promise<void> {
    await this.#openDay(new Date(now).toISOString().slice(0, 10));
    const [events, decisions] = [this.#events!, this.#private!];
    const before = { events: (await events.stat()).size, decisions: (await decisions.stat()).size };
    try {
      // Sidecar first: an event never stands there without what explains it.
      await append(decisions, batch.decisions);
      await append(events, batch.events);
    } catch (error) {
      await this.#takeBack(before);
      throw error;
    }
  }

  /**
   * After a failed write (a full disk): what was written in part would spoil the line of the next record, and what was
   * written whole would stand there twice once it is tried again.
   */
  async #takeBack(before: { readonly events: number; readonly decisions: number }): Promise<void> {
    try {
      await this.#events!.truncate(before.events);
      await this.#private!.truncate(before.decisions);
    } catch {
      // Opened again, a line without an end is taken away.
      await this.close();
    }
  }

  async #openDay(day: string): Promise<void> {
    if (day === this.#day) return;
    await this.close();
    await mkdir(join(this.directory, "private"), { recursive: true, mode: 0o700 });
    this.#events = await openForAppend(join(this.directory, `events-${day}${this.#writer}.jsonl`));
    this.#private = await openForAppend(join(this.directory, "private", `decisions-${day}${this.#writer}.jsonl`));
    this.#day = day;
  }

  async close(): Promise<void> {
    await this.#events?.close();
    await this.#private?.close();
    this.#events = null;
    this.#private = null;
    this.#day = "";
  }

  /** The newest records first, from the files of all writers. */
  async *newestFirst(): AsyncIterable<string> {
    for (const names of await this.#days()) {
      if (names.length === 1) yield* this.#lines(names[0]!);
      else yield* newestOf(names.map((name) => this.#lines(name)));
    }
  }

  /** Names of the event files, those of a day together, newest day first. */
  async #days(): Promise<readonly (readonly string[])[]> {
    const days = new Map<string, string[]>();
    for (const name of (await readdir(this.directory).catch(() => [])).sort().reverse()) {
      const day = /^events-(\d{4}-\d{2}-\d{2})(?:\.w\d+)?\.jsonl$/.exec(name)?.[1];
      if (day !== undefined) days.set(day, [...(days.get(day) ?? []), name]);
    }
    return [...days.values()];
  }

  /** The lines of one event file, newest first; read from its end, so that the newest cost the same whatever its size. */
  async *#lines(name: string): AsyncIterable<string> {
    const file = await open(join(this.directory, name));
    try {
      yield* linesFromEnd(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  /** The records of the newest days that contain a mark, with their sidecars. Streams: a day may be large. */
  async find(mark: string): Promise<FoundRecord[]> {
    for (const name of (await this.#days()).slice(0, mostDays).flat()) {
      const texts = await linesWith(join(this.directory, name), mark);
      if (texts.length > 0) return Promise.all(texts.map((text) => this.#withSidecar(name, text)));
    }
    return [];
  }

  async #withSidecar(name: string, text: string): Promise<FoundRecord> {
    const { eventID } = JSON.parse(text) as { eventID: string };
    const day = name.slice("events-".length);
    const [sidecar] = await linesWith(join(this.directory, "private", `decisions-${day}`), eventMark(eventID));
    return { text, sidecar: sidecar ?? null };
  }

  /** Ids of the newest events of this writer: what a start after a crash must not write twice. */
  async recentIds(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    let left = recentLines;
    const own = (name: string): boolean => name.slice("events-YYYY-MM-DD".length) === `${this.#writer}.jsonl`;
    for (const name of (await this.#days()).flat().filter(own).slice(0, 2)) {
      for await (const line of this.#lines(name)) {
        if (left-- === 0) return ids;
        const id = /"eventID":"([0-9a-f-]{36})"/.exec(line)?.[1];
        if (id !== undefined) ids.add(id);
      }
    }
    return ids;
  }
}

/** Far more than what can have been written and not yet have left the outbox when a process dies. */
const recentLines = 20_000;

/**
 * Several files newest first as one. They are joined by their records' times, which have whole seconds: within one second
 * those of one file stand together.
 */
async function* newestOf(files: readonly AsyncIterable<string>[]): AsyncIterable<string> {
  const sources = files.map((file) => file[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(sources.map(nextLine));
    for (;;) {
      let newest = -1;
      for (const [index, head] of heads.entries()) {
        if (head !== null && (newest < 0 || head.time > heads[newest]!.time)) newest = index;
      }
      if (newest < 0) return;
      yield heads[newest]!.text;
      heads[newest] = await nextLine(sources[newest]!);
    }
  } finally {
    // Whoever has seen enough leaves files open.
    for (const source of sources) await source.return?.();
  }
}

interface Line {
  readonly text: string;
  /** ISO 8601, so that text order is time order. */
  readonly time: string;
}

async function nextLine(source: AsyncIterator<string>): Promise<Line | null> {
  const { done, value: text } = await source.next();
  if (done === true) return null;
  // Quotation marks inside values are escaped, and nothing before the member has members of that name.
  return { text, time: /"eventTime":"([^"]*)"/.exec(text)?.[1] ?? "" };
}

const pieceBytes = 65_536;
const lineFeed = 10;

async function* linesFromEnd(file: FileHandle, size: number): AsyncIterable<string> {
  /** Pieces of the line whose beginning has not been reached, last piece first. */
  let unfinished: Buffer[] = [];
  // What stands after the last line feed is a line that a kill cut off.
  for (let end = await endOfLastLine(file, size); end > 0;) {
    const start = Math.max(0, end - pieceBytes);
    const piece = Buffer.allocUnsafe(end - start);
    await file.read(piece, 0, piece.length, start);
    let stop = piece.length;
    for (let at = piece.lastIndexOf(lineFeed); at >= 0; at = at === 0 ? -1 : piece.lastIndexOf(lineFeed, at - 1)) {
      const line = Buffer.concat([piece.subarray(at + 1, stop), ...unfinished.reverse()]);
      unfinished = [];
      if (line.length > 0) yield line.toString("utf8");
      stop = at;
    }
    unfinished.push(piece.subarray(0, stop));
    end = start;
  }
  const first = Buffer.concat(unfinished.reverse());
  if (first.length > 0) yield first.toString("utf8");
}

async function append(file: FileHandle, lines: LineBytes): Promise<void> {
  if (lines.empty) return;
  for (const piece of lines.pieces()) await file.appendFile(piece);
  await file.datasync();
}

/** Days in which a record is looked for; as far back as CloudTrail's own event history goes. */
const mostDays = 90;

async function linesWith(path: string, mark: string): Promise<string[]> {
  const found: string[] = [];
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return found;
  for await (const line of file.readLines()) if (line.includes(mark) && isWhole(line)) found.push(line);
  return found;
}

/** A line that a kill cut off is no record. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens for appending. A kill in the middle of a write can leave a line without an end; it is taken away, for what it
 * began to say was never acknowledged as written: the record of a change is still in the outbox and is written anew.
 */
async function openForAppend(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  const { size } = await file.stat();
  const whole = await endOfLastLine(file, size);
  if (whole < size) await file.truncate(whole);
  return file;
}

/** How many bytes of a file are whole lines. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= pieceBytes) {
    const start = Math.max(0, end - pieceBytes);
    const piece = Buffer.allocUnsafe(end - start);
    await file.read(piece, 0, piece.length, start);
    const at = piece.lastIndexOf(lineFeed);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

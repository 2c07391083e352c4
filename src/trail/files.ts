import { mkdir, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { append, openForAppend } from "./append-file.ts";
import { TrailBatch } from "./batch.ts";
import { BackwardLines, longestSidecar } from "./backward-lines.ts";
import type { ReadBudget } from "./backward-lines.ts";
import { FileScan, openThere } from "./file-scan.ts";
import type { DayFiles } from "./file-scan.ts";
import { DocumentLedger } from "./document-ledger.ts";
import { findDocuments } from "./document-lines.ts";
import type { FoundDocuments } from "./source.ts";
import { eventMark } from "./find.ts";
import { NobodyFile } from "./nobody-file.ts";
import type { TrailRecord } from "./facts.ts";
import { SidecarTooLong } from "./source.ts";
import type { Place, Scan, SidecarSearch } from "./source.ts";

/**
 * The trail on disk: `trail/events-YYYY-MM-DD.jsonl` with one CloudTrail-shaped record a line, and
 * `trail/private/decisions-YYYY-MM-DD.jsonl` (mode 0600) with what a replay needs, keyed by event id, and the policy
 * documents that this refers to. The day is the
 * day of writing, UTC. Each worker has files of its own, `events-YYYY-MM-DD.WORKER.jsonl`: a file that several append to
 * could not be mended after a write that failed. Records of nobody have files of their own (nobody-file.ts). Reading puts
 * them together.
 */
export class TrailFiles {
  readonly directory: string;
  /** Which policy documents they have. */
  readonly ledger = new DocumentLedger();
  /** Those of nobody's records, of the same writer. */
  readonly nobody: NobodyFile;
  /** What stands between the day and `.jsonl`. */
  readonly #writer: string;
  #day = "";
  #events: FileHandle | null = null;
  #private: FileHandle | null = null;

  /** @param worker whose files are written, e.g. `w1`; null for the data directory's owner */
  constructor(dataDirectory: string, worker: string | null = null) {
    this.directory = join(dataDirectory, "trail");
    this.#writer = worker === null ? "" : `.${worker}`;
    this.nobody = new NobodyFile(this.directory, this.#writer);
  }

  /** As `write`. */
  async append(records: readonly TrailRecord[], now: number): Promise<void> {
    const batch = TrailBatch.of(records, this.ledger);
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

  /** The records of all writers. */
  async scan(from: Place | null, budget: ReadBudget): Promise<Scan> {
    return new FileScan(this.directory, await this.#days(), from, budget);
  }

  /** The files of events and of nobody's records, those of a day together, newest day first. */
  async #days(): Promise<readonly DayFiles[]> {
    const days = new Map<string, string[]>();
    for (const name of (await readdir(this.directory).catch(() => [])).sort().reverse()) {
      const day = /^(?:events|nobody)-(\d{4}-\d{2}-\d{2})(?:\.w\d+)?\.jsonl$/.exec(name)?.[1];
      if (day !== undefined) days.set(day, [...(days.get(day) ?? []), name]);
    }
    return Array.from(days, ([day, names]) => ({ day, names })).sort((a, b) => (a.day < b.day ? 1 : -1));
  }

  /** As `TrailSource.sidecar`. */
  async sidecar(file: string, eventId: string, before: number | null, budget: ReadBudget): Promise<SidecarSearch> {
    // Nothing was decided about nobody.
    if (!file.startsWith("events-")) return { text: null };
    const sidecars = await openThere(join(this.directory, "private", privateName(file)));
    if (sidecars === null) return { text: null };
    try {
      const { size } = await sidecars.stat();
      const lines = new BackwardLines(sidecars, Math.min(size, before ?? size), budget, longestSidecar);
      const mark = eventMark(eventId);
      for (let line = await lines.next(); line !== null; line = await lines.next()) {
        if (!line.bytes.includes(mark)) continue;
        if (!line.whole) throw new SidecarTooLong();
        const text = line.bytes.toString("utf8");
        if (isSidecarOf(text, eventId)) return { text, end: line.end };
      }
      return lines.ended ? { text: null } : { before: lines.place };
    } finally {
      await sidecars.close();
    }
  }

  /** As `TrailSource.documents`. */
  documents(file: string, end: number, hashes: Iterable<string>): Promise<FoundDocuments> {
    return findDocuments(join(this.directory, "private"), privateName(file), end, hashes);
  }

  /** Ids of the newest events of this writer: what a start after a crash must not write twice. */
  async recentIds(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    let left = recentLines;
    const own = (name: string): boolean =>
      name.startsWith("events-") && name.slice("events-YYYY-MM-DD".length) === `${this.#writer}.jsonl`;
    const days = (await this.#days()).map(({ day, names }) => ({ day, names: names.filter(own) }));
    const scan = new FileScan(this.directory, days.filter(({ names }) => names.length > 0).slice(0, 2), null, all);
    try {
      for (let line = await scan.next(); line !== null && left-- > 0; line = await scan.next()) {
        const id = /"eventID":"([0-9a-f-]{36})"/.exec(line.bytes.toString("utf8"))?.[1];
        if (id !== undefined) ids.add(id);
      }
    } finally {
      await scan.close();
    }
    return ids;
  }
}

/** Of the private file beside a file of records. */
function privateName(events: string): string {
  return `decisions-${events.slice("events-".length)}`;
}

/** Far more than what can have been written and not yet have left the outbox when a process dies. */
const recentLines = 20_000;

/** A start reads what it needs. */
const all = { left: Number.POSITIVE_INFINITY };

/** A line that was cut off is no sidecar, and one that only quotes the mark is another's. */
function isSidecarOf(text: string, eventId: string): boolean {
  try {
    return (JSON.parse(text) as { eventID?: string }).eventID === eventId;
  } catch {
    return false;
  }
}

import { setImmediate } from "node:timers/promises";
import type { ReadBudget } from "./backward-lines.ts";
import type { TrailRecord } from "./record.ts";
import type { Place, Scan, ScannedRecord, SidecarSearch } from "./source.ts";

/** What an ephemeral server keeps: the newest records, up to this many and this many characters in all. */
const mostRecords = 10_000;
const mostCharacters = 64_000_000;

/** The newest records of the trail, with their sidecars, in memory only. */
export class TrailMemory {
  #records: TrailRecord[] = [];
  #characters = 0;
  /** How many went before the oldest that is kept: records are counted from the first there ever was. */
  #gone = 0;

  append(records: readonly TrailRecord[]): void {
    for (const record of records) {
      this.#records.push(record);
      this.#characters += sizeOf(record);
    }
    let gone = Math.max(0, this.#records.length - mostRecords);
    for (let index = 0; index < gone || this.#characters > mostCharacters; index++) {
      this.#characters -= sizeOf(this.#records[index]!);
      gone = Math.max(gone, index + 1);
    }
    if (gone > 0) this.#records = this.#records.slice(gone);
    this.#gone += gone;
  }

  scan(from: Place | null, budget: ReadBudget): Scan {
    return new MemoryScan((index) => this.#at(index), from?.ends[file] ?? this.#gone + this.#records.length, budget);
  }

  sidecar(eventId: string): SidecarSearch {
    const text = this.#records.findLast((record) => record.eventId === eventId)?.private ?? null;
    return text === null ? { text } : { text, end: 0 };
  }

  #at(index: number): TrailRecord | undefined {
    return this.#records[index - this.#gone];
  }
}

const file = "memory";
/** As much as a piece of a file, for which one waits. */
const turnBytes = 65_536;

class MemoryScan implements Scan {
  readonly #at: (index: number) => TrailRecord | undefined;
  readonly #budget: ReadBudget;
  /** Records before this one are still to be looked at. */
  #end: number;
  /** Bytes since others had their turn. */
  #turn = 0;

  constructor(at: (index: number) => TrailRecord | undefined, end: number, budget: ReadBudget) {
    this.#at = at;
    this.#end = end;
    this.#budget = budget;
  }

  async next(): Promise<ScannedRecord | null> {
    const record = this.#budget.left <= 0 ? undefined : this.#at(this.#end - 1);
    if (record === undefined) return null;
    const bytes = Buffer.from(record.text);
    this.#budget.left -= bytes.length;
    this.#turn += bytes.length;
    if (this.#turn > turnBytes) {
      this.#turn = 0;
      await setImmediate();
    }
    return { bytes, whole: true, day: "", file, end: this.#end-- };
  }

  get place(): Place | null {
    return this.#at(this.#end - 1) === undefined ? null : { day: "", ends: { [file]: this.#end } };
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

function sizeOf({ text, private: sidecar }: TrailRecord): number {
  return text.length + (sidecar?.length ?? 0);
}

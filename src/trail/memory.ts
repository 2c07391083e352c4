import type { FoundRecord } from "./find.ts";
import type { TrailRecord } from "./record.ts";

/** What an ephemeral server keeps: the newest records, up to this many and this many characters in all. */
const mostRecords = 10_000;
const mostCharacters = 64_000_000;

/** The newest records of the trail, with their sidecars, in memory only. */
export class TrailMemory {
  #records: TrailRecord[] = [];
  #characters = 0;

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
  }

  *newestFirst(): Iterable<string> {
    for (let index = this.#records.length - 1; index >= 0; index--) yield this.#records[index]!.text;
  }

  find(mark: string): FoundRecord[] {
    return this.#records
      .filter(({ text }) => text.includes(mark))
      .map(({ text, private: sidecar }) => ({ text, sidecar }));
  }
}

function sizeOf({ text, private: sidecar }: TrailRecord): number {
  return text.length + (sidecar?.length ?? 0);
}

import { setImmediate } from "node:timers/promises";
import type { ReadBudget } from "./backward-lines.ts";
import type { FoundDocuments } from "./source.ts";
import type { PolicyDocument, PolicyDocuments } from "./policy-snapshots.ts";
import type { TrailRecord } from "./facts.ts";
import type { Place, Scan, ScannedRecord, SidecarSearch } from "./source.ts";

/** What an ephemeral server keeps: the newest records, up to this many and this many characters in all. */
const mostRecords = 10_000;
const mostCharacters = 64_000_000;

const mostOfNobody = 2000;
/** In place of an account. */
const nobody = "";
const noPolicies: PolicyDocuments = new Map();

/** The newest records of the trail, with their sidecars, in memory only. */
export class TrailMemory {
  #records: TrailRecord[] = [];
  #characters = 0;
  /** The policy documents that they refer to, each once. */
  readonly #documents = new Map<string, { readonly document: PolicyDocument; records: number }>();
  #ofNobody = 0;
  /** How many went before the oldest that is kept: records are counted from the first there ever was. */
  #gone = 0;

  append(records: readonly TrailRecord[]): void {
    for (const record of records) {
      this.#records.push(record.policies.size === 0 ? record : { ...record, policies: this.#hold(record.policies) });
      this.#characters += sizeOf(record);
      if (record.account === nobody) this.#ofNobody++;
    }
    let gone = Math.max(0, this.#records.length - mostRecords);
    for (let index = 0; index < gone || this.#characters > mostCharacters; index++) {
      const record = this.#records[index]!;
      this.#characters -= sizeOf(record);
      if (record.account === nobody) this.#ofNobody--;
      for (const hash of record.policies.keys()) this.#letGo(hash);
      gone = Math.max(gone, index + 1);
    }
    if (gone > 0) this.#records = this.#records.slice(gone);
    this.#gone += gone;
  }

  /** Records of nobody, of which there are few among the others. */
  async write(texts: readonly string[], now: number): Promise<void> {
    this.append(
      texts.map((text) => ({ eventId: "", account: nobody, at: now, text, private: null, policies: noPolicies })),
    );
  }

  /** Whether further ones are better counted: they must not drive out the others. */
  get manyOfNobody(): boolean {
    return this.#ofNobody >= mostOfNobody;
  }

  /** Nothing is there from before a start. */
  async bytesOf(): Promise<number> {
    return 0;
  }

  scan(from: Place | null, budget: ReadBudget): Scan {
    return new MemoryScan((index) => this.#at(index), from?.ends[file] ?? this.#gone + this.#records.length, budget);
  }

  sidecar(eventId: string): SidecarSearch {
    const text = this.#records.findLast((record) => record.eventId === eventId)?.private ?? null;
    return text === null ? { text } : { text, end: 0 };
  }

  documents(hashes: Iterable<string>): FoundDocuments {
    const found = new Map<string, string>();
    for (const hash of hashes) {
      const held = this.#documents.get(hash);
      if (held !== undefined) found.set(hash, held.document.text);
    }
    return found;
  }

  /** @returns the same documents, of each the one that other records refer to, too */
  #hold(policies: PolicyDocuments): PolicyDocuments {
    const shared = new Map<string, PolicyDocument>();
    for (const [hash, document] of policies) {
      const held = this.#documents.get(hash) ?? { document, records: 0 };
      if (held.records++ === 0) {
        this.#documents.set(hash, held);
        this.#characters += document.text.length;
      }
      shared.set(hash, held.document);
    }
    return shared;
  }

  #letGo(hash: string): void {
    const held = this.#documents.get(hash)!;
    if (--held.records > 0) return;
    this.#documents.delete(hash);
    this.#characters -= held.document.text.length;
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

/** Characters of a record. */
export function sizeOf({ text, private: sidecar }: TrailRecord): number {
  return text.length + (sidecar?.length ?? 0);
}

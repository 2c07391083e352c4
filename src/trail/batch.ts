import { DocumentLedger } from "./document-ledger.ts";
import { LineBytes } from "./line-bytes.ts";
import type { TrailRecord } from "./facts.ts";

/** Records that are written together, as the lines that they become. */
export class TrailBatch {
  readonly events = new LineBytes();
  /** Sidecars, each behind the policy documents that it refers to: what is read of a file is whole in itself. */
  readonly decisions = new LineBytes();
  readonly #ledger: DocumentLedger;
  /** How many records there are. */
  count = 0;
  /** Their size. */
  characters = 0;

  /** @param ledger what the files have, of which this batch is to become a part */
  constructor(ledger: DocumentLedger) {
    this.#ledger = ledger;
  }

  static of(records: readonly TrailRecord[], ledger: DocumentLedger): TrailBatch {
    const batch = new TrailBatch(ledger);
    for (const record of records) batch.add(record);
    return batch;
  }

  /** @returns the size of what was added, in characters */
  add({ text, private: sidecar, policies, at }: TrailRecord): number {
    const before = this.characters;
    for (const [sha256, document] of policies) {
      const line = this.#ledger.lineFor(sha256, document, at);
      if (line !== null) this.#addPrivate(line);
    }
    if (sidecar !== null) this.#addPrivate(sidecar);
    this.events.add(text);
    this.count++;
    this.characters += text.length;
    return this.characters - before;
  }

  #addPrivate(line: string): void {
    this.decisions.add(line);
    this.#ledger.advance(line.length);
    this.characters += line.length;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    return this.events.bytes + this.decisions.bytes;
  }

  /** Gives the memory back. */
  release(): void {
    this.events.release();
    this.decisions.release();
  }
}

import { LineBytes } from "./line-bytes.ts";
import type { PolicyDocuments } from "./policy-snapshots.ts";
import type { TrailRecord } from "./record.ts";

/** Records that are written together, as the lines that they become. */
export class TrailBatch {
  readonly events = new LineBytes();
  readonly decisions = new LineBytes();
  /** What the records refer to: it is written before them. */
  readonly documents: PolicyDocuments[] = [];
  /** How many records there are. */
  count = 0;
  /** Their size. */
  characters = 0;

  static of(records: readonly TrailRecord[]): TrailBatch {
    const batch = new TrailBatch();
    for (const record of records) batch.add(record);
    return batch;
  }

  add({ text, private: sidecar, policies }: TrailRecord): void {
    this.events.add(text);
    if (sidecar !== null) this.decisions.add(sidecar);
    if (policies.size > 0) this.documents.push(policies);
    this.count++;
    this.characters += text.length + (sidecar?.length ?? 0);
  }

  /** Gives the memory back. */
  release(): void {
    this.events.release();
    this.decisions.release();
  }
}

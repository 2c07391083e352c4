import type { ReadBudget } from "./backward-lines.ts";

/** How far a search has come. What it looked at, and what was written since it began, lies outside of it. */
export interface Place {
  /** The day whose files are being read, `YYYY-MM-DD`; older days are still to come. Empty for a trail in memory. */
  readonly day: string;
  /** Up to where each file of that day is still to be looked at, by its name; of a file that is not here, nothing is. */
  readonly ends: Readonly<Record<string, number>>;
}

/** A record as it stands in the trail. */
export interface ScannedRecord {
  readonly bytes: Buffer;
  /** False for the last part of a record that is too long to be held. */
  readonly whole: boolean;
  /** Where it stands: from `{ day, ends: { [file]: end } }` on a scan finds it again. */
  readonly day: string;
  readonly file: string;
  readonly end: number;
}

/** The records of the trail, the newest first. To be closed by whoever has seen enough. */
export interface Scan {
  /** Null where there is no further record, and where nothing more may be read. */
  next(): Promise<ScannedRecord | null>;
  /** Where to go on; null where nothing is left. */
  readonly place: Place | null;
  close(): Promise<void>;
}

/**
 * What came of looking for a sidecar: its text, and before where it is found again; null where there is none; or up to
 * where it is still to be looked for.
 */
export type SidecarSearch =
  | { readonly text: string; readonly end: number }
  | { readonly text: null }
  | { readonly before: number };

/** Policy documents that are kept, by their hash. */
export type FoundDocuments = ReadonlyMap<string, string>;

/** The trail for a search: all that any process of this server has recorded. */
export interface TrailSource {
  /** Resolves once everything recorded so far can be found. */
  flush(): Promise<void>;
  /** @param from null begins with the newest record */
  scan(from: Place | null, budget: ReadBudget): Promise<Scan>;
  /**
   * What a replay of a record needs.
   *
   * @param file where the record stands
   * @param before null begins at the end of the sidecars
   * @throws SidecarTooLong
   */
  sidecar(file: string, eventId: string, before: number | null, budget: ReadBudget): Promise<SidecarSearch>;
  /**
   * The policy documents that a sidecar refers to, as far as they are kept.
   *
   * @param file where its record stands
   * @param end of the sidecar
   * @throws Error when a document is not what its name says
   */
  documents(file: string, end: number, hashes: Iterable<string>): Promise<FoundDocuments>;
}

/** A sidecar that is longer than what is held of one. */
export class SidecarTooLong extends Error {}

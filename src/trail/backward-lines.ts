import type { FileHandle } from "node:fs/promises";

/** What one search may still read, in bytes: counted as it reads, so that a search costs the same whatever the trail holds. */
export interface ReadBudget {
  left: number;
}

/** A line of a file and where it stands, in bytes: `end` is behind its line feed. */
export interface PlacedLine {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** False for the last part of a line that is too long to be held. */
  readonly whole: boolean;
}

const pieceBytes = 65_536;
const lineFeed = 10;
const empty = Buffer.alloc(0);

/** The longest record that is held, in bytes. */
export const longestRecord = 1_048_576;
/** The longest sidecar that is held, in bytes: it has what a call's whole context said. */
export const longestSidecar = 8_388_608;

/**
 * The lines of a file, the last one first, from a place on: read from there backwards, so that the newest cost the same
 * whatever the file's size. It holds one piece, and one line of bounded length.
 *
 * What stands after the last line feed before the place is no line: one that a kill cut off or that is just being written,
 * or the rest of one that was too long.
 */
export class BackwardLines {
  readonly #file: FileHandle;
  readonly #budget: ReadBudget;
  readonly #longest: number;
  /** The piece that is being looked at, up to `#stop`; it begins at `#from` in the file. */
  #piece: Buffer = empty;
  #from: number;
  #stop = 0;
  /** Pieces of the line whose beginning is not reached, last piece first. */
  #unfinished: Buffer[] = [];
  #held = 0;
  /** Where the line that is being looked for ends; null while its end is not reached either. */
  #lineEnd: number | null = null;
  #begun = false;
  #given = false;

  /** @param longest the longest line that is held, in bytes */
  constructor(file: FileHandle, from: number, budget: ReadBudget, longest: number = longestRecord) {
    this.#file = file;
    this.#from = from;
    this.#budget = budget;
    this.#longest = longest;
  }

  /** Whether there is no further line: otherwise `next` gave none because nothing more may be read. */
  get ended(): boolean {
    return this.#from === 0 && this.#stop === 0 && this.#held === 0;
  }

  /** The place from which another search finds what this one has not given. */
  get place(): number {
    return this.#lineEnd ?? this.#from + this.#stop;
  }

  /** Null at the beginning of the file, and where nothing more may be read. */
  async next(): Promise<PlacedLine | null> {
    for (;;) {
      const at = this.#stop === 0 ? -1 : this.#piece.lastIndexOf(lineFeed, this.#stop - 1);
      if (at >= 0) {
        const line = this.#lineAfter(at);
        if (line !== null) return line;
        continue;
      }
      const cut = this.#keepPiece();
      if (cut !== null) return cut;
      if (this.#from === 0) return this.#firstLine();
      if (this.#budget.left <= 0 && this.#hasComeOn) return null;
      await this.#readPiece();
    }
  }

  /** However little may be read, a search that goes on from `place` comes to an end. */
  get #hasComeOn(): boolean {
    return this.#given || (this.#lineEnd === null && this.#begun);
  }

  /** What stands behind the line feed at this place of the piece; null where that is no line. */
  #lineAfter(at: number): PlacedLine | null {
    const bytes = this.#joined(this.#piece.subarray(at + 1, this.#stop));
    const end = this.#lineEnd;
    const start = this.#from + at + 1;
    this.#stop = at;
    this.#forget(start);
    return end === null || bytes.length === 0 ? null : this.#give({ bytes, start, end, whole: true });
  }

  /** Keeps the beginning of the piece, which is the end of a line. @returns what is left of a line that is too long */
  #keepPiece(): PlacedLine | null {
    const rest = this.#piece.subarray(0, this.#stop);
    const end = this.#lineEnd;
    this.#stop = 0;
    if (end === null || rest.length === 0) return null;
    this.#unfinished.push(rest);
    this.#held += rest.length;
    if (this.#held <= this.#longest) return null;
    const bytes = this.#unfinished[0]!;
    this.#forget(null);
    return this.#give({ bytes, start: this.#from, end, whole: false });
  }

  #firstLine(): PlacedLine | null {
    const end = this.#lineEnd;
    const bytes = this.#joined(empty);
    this.#forget(null);
    return end === null || bytes.length === 0 ? null : { bytes, start: 0, end, whole: true };
  }

  #give(line: PlacedLine): PlacedLine {
    this.#given = true;
    return line;
  }

  #joined(first: Buffer): Buffer {
    return this.#unfinished.length === 0 ? first : Buffer.concat([first, ...this.#unfinished.toReversed()]);
  }

  #forget(lineEnd: number | null): void {
    this.#unfinished = [];
    this.#held = 0;
    this.#lineEnd = lineEnd;
  }

  async #readPiece(): Promise<void> {
    const start = Math.max(0, this.#from - pieceBytes);
    const piece = Buffer.allocUnsafe(this.#from - start);
    const { bytesRead } = await this.#file.read(piece, 0, piece.length, start);
    this.#budget.left -= piece.length;
    this.#begun = true;
    this.#piece = piece.subarray(0, bytesRead);
    this.#from = start;
    this.#stop = bytesRead;
  }
}

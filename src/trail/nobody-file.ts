import { mkdir, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { append, openForAppend } from "./append-file.ts";
import { LineBytes } from "./line-bytes.ts";
import { dayOf } from "./retention.ts";

/** Where nobody's records go: `trail/nobody-YYYY-MM-DD.jsonl`, apart from all others, so that they may go before them. */
export class NobodyFile {
  readonly #directory: string;
  readonly #writer: string;
  #day = "";
  #file: FileHandle | null = null;

  /** @param writer what stands between the day and `.jsonl` */
  constructor(directory: string, writer: string) {
    this.#directory = directory;
    this.#writer = writer;
  }

  /** Appends and makes durable; what was written in part is taken back. */
  async write(records: readonly string[], now: number): Promise<void> {
    await this.#open(dayOf(now));
    const file = this.#file!;
    const { size } = await file.stat();
    const lines = new LineBytes();
    for (const record of records) lines.add(record);
    try {
      await append(file, lines);
    } catch (error) {
      // Opened again, a line without an end is taken away.
      await file.truncate(size).catch(() => this.close());
      throw error;
    } finally {
      lines.release();
    }
  }

  /** Bytes that a day has. */
  async bytesOf(now: number): Promise<number> {
    const found = await stat(this.#path(dayOf(now))).catch(() => null);
    return found === null ? 0 : found.size;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    this.#day = "";
  }

  async #open(day: string): Promise<void> {
    if (day === this.#day) return;
    await this.close();
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    this.#file = await openForAppend(this.#path(day));
    this.#day = day;
  }

  #path(day: string): string {
    return join(this.#directory, `nobody-${day}${this.#writer}.jsonl`);
  }
}

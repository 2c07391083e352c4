import { statfs } from "node:fs/promises";

/**
 * How much room the trail's disk has. `short`: records of nobody are only counted, and their older files go. `reserve`:
 * what is left is for changes, records of reads and denials wait in memory. `last`: changes will soon fail.
 */
export const rooms = ["enough", "short", "reserve", "last"] as const;
export type Room = (typeof rooms)[number];

/** Sizes in bytes; `free` is what this process may take. */
export interface DiskSize {
  readonly total: number;
  readonly free: number;
}

/** Milliseconds for which a finding is good. */
const findingLife = 500;
/** The reserve is at most this part of the disk: a small one is not all reserve. */
const largestPart = 10;

/** Looks at the disk that the trail is on. */
export class DiskRoom {
  readonly #directory: string;
  readonly #reserve: number;
  readonly #measure: (directory: string) => Promise<DiskSize>;
  #lookedAt = -Infinity;
  room: Room = "enough";
  /** Null as long as nothing is known. */
  free: number | null = null;

  /** @param reserve in bytes */
  constructor(directory: string, reserve: number, measure: (directory: string) => Promise<DiskSize> = measured) {
    this.#directory = directory;
    this.#reserve = reserve;
    this.#measure = measure;
  }

  /** @returns whether there is another room than before; where it cannot be known, there is not */
  async look(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lookedAt < findingLife) return false;
    this.#lookedAt = now;
    const size = await this.#measure(this.#directory).catch(() => null);
    if (size === null || size.total === 0) return false;
    this.free = size.free;
    const before = this.room;
    this.room = roomOf(size.free, Math.min(this.#reserve, size.total / largestPart));
    return this.room !== before;
  }
}

function roomOf(free: number, reserve: number): Room {
  if (free >= 2 * reserve) return "enough";
  if (free >= reserve) return "short";
  return free >= reserve / 4 ? "reserve" : "last";
}

async function measured(directory: string): Promise<DiskSize> {
  const { bsize, blocks, bavail } = await statfs(directory);
  return { total: bsize * blocks, free: bsize * bavail };
}

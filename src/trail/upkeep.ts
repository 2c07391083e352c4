import type { Clock } from "../clock/clock.ts";
import { DiskRoom } from "./disk-room.ts";
import type { DiskSize, Room } from "./disk-room.ts";
import type { TrailKeeping } from "./keeping.ts";
import { endOldFiles } from "./retention.ts";

export interface UpkeepOptions {
  /** Of the trail. */
  readonly directory: string;
  readonly keeping: TrailKeeping;
  /** Whether this process deletes; where several write, the owner of the data directory does. */
  readonly deletes: boolean;
  readonly clock: Clock;
  /** How large the disk is, instead of asking it. */
  readonly measureDisk?: ((directory: string) => Promise<DiskSize>) | undefined;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two looks where nothing is written, and between two rounds of deleting. */
const lookInterval = 10_000;
const endInterval = 3_600_000;

const words: Readonly<Record<Exclude<Room, "enough">, string>> = {
  short: "requests that nobody signed are only counted, and their older files are deleted",
  reserve: "records of reads and denials wait in memory, changes go on",
  last: "changes will soon fail",
};

/** Keeps the trail's disk from filling: watches how much is left, and ends old files. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #disk: DiskRoom;
  readonly #timer: NodeJS.Timeout;
  #endedAt = -Infinity;

  constructor(options: UpkeepOptions) {
    const { directory, keeping, measureDisk } = options;
    this.#options = options;
    this.#disk = new DiskRoom(directory, keeping.reserveBytes, measureDisk);
    this.#timer = setInterval(() => void this.tend(), lookInterval).unref();
  }

  get room(): Room {
    return this.#disk.room;
  }

  /** Bytes of the disk; null where it is not known. */
  get free(): number | null {
    return this.#disk.free;
  }

  /** Finds out how much room there is; says so where it became less or more. */
  async look(): Promise<void> {
    if (!(await this.#disk.look())) return;
    const { room, free } = this.#disk;
    if (room === "enough") return;
    this.#options.onError(new Error(`the disk of the trail has ${free} bytes left: ${words[room]}`));
  }

  async tend(): Promise<void> {
    await this.look();
    const { directory, keeping, deletes, clock, onError } = this.#options;
    const now = clock.now();
    const short = this.room !== "enough";
    if (!deletes || (!short && Math.abs(now - this.#endedAt) < endInterval)) return;
    this.#endedAt = now;
    await endOldFiles(directory, keeping, now, short).catch(onError);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

import type { TrailKeeping } from "./keeping.ts";
import { NobodyCounts } from "./nobody-counts.ts";
import type { CountedFacts } from "./nobody-counts.ts";
import type { Room } from "./disk-room.ts";

/** Where records of nobody end. */
export interface NobodySink {
  write(records: readonly string[], now: number): Promise<void>;
  /** Bytes of the day that are there already. */
  bytesOf(now: number): Promise<number>;
}

interface Waiting {
  readonly text: string;
  readonly facts: CountedFacts;
}

/** How often it is told what was counted, in milliseconds. */
const tellInterval = 10_000;
/** Characters of records that may wait. */
const longestQueue = 4_000_000;
const dayMs = 86_400_000;

/**
 * The records of requests that no caller was verified for. Anybody can make any number of them, so they have a budget of
 * their own; what is beyond it is counted, by kind, and the counts are told in records. Each such request is in the trail
 * or counted there. They wait for nobody and nothing waits for them: what cannot be written becomes a count.
 */
export class NobodyTrail {
  readonly #sink: NobodySink;
  readonly #keeping: TrailKeeping;
  readonly #room: () => Room;
  #waiting: Waiting[] = [];
  #waitingCharacters = 0;
  #counts = new NobodyCounts();
  #toldAt = 0;
  #second = 0;
  #inSecond = 0;
  #day = 0;
  #today = 0;
  /** Requests since the start that have no record of their own. */
  counted = 0;

  constructor(sink: NobodySink, keeping: TrailKeeping, room: () => Room) {
    this.#sink = sink;
    this.#keeping = keeping;
    this.#room = room;
  }

  /** Takes into account what was written before this start. */
  async recover(now: number): Promise<void> {
    this.#day = Math.floor(now / dayMs);
    this.#today = await this.#sink.bytesOf(now);
  }

  /** @param make the text of the request's record, where it gets one */
  take(facts: CountedFacts, make: () => string): void {
    if (!this.#admits(facts.now)) return this.count(facts);
    const text = make();
    this.#waiting.push({ text, facts: counted(facts) });
    this.#waitingCharacters += text.length;
    this.#inSecond++;
    this.#today += text.length + 1;
  }

  count(facts: CountedFacts): void {
    this.counted++;
    this.#counts.add(facts);
  }

  /** Whether there is something to write, now or later. */
  get empty(): boolean {
    return this.#waiting.length === 0 && this.#counts.empty;
  }

  /**
   * Writes what waits, and what was counted when it is time for that.
   *
   * @param all writes the counts in any case
   * @param last nothing will be written later: a few lines, whatever the room
   * @throws Error of the file; what could not be written is counted
   */
  async flush(now: number, all: boolean, last: boolean): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    const room = this.#room();
    if (!last && (room === "reserve" || room === "last")) {
      for (const { facts } of waiting) this.count(facts);
      return;
    }
    const told = !this.#counts.empty && (all || Math.abs(now - this.#toldAt) >= tellInterval) ? this.#counts : null;
    if (told !== null) {
      this.#counts = new NobodyCounts();
      this.#toldAt = now;
    }
    const records = [...waiting.map(({ text }) => text), ...(told?.records() ?? [])];
    if (records.length === 0) return;
    try {
      await this.#sink.write(records, now);
    } catch (error) {
      for (const { facts } of waiting) this.count(facts);
      if (told !== null) this.#counts.merge(told);
      throw error;
    }
  }

  /**
   * Half of a day's bytes may go at once, the other half as the day goes: whoever floods the trail in the morning does
   * not silence it until the evening.
   */
  #admits(now: number): boolean {
    if (this.#room() !== "enough" || this.#waitingCharacters >= longestQueue) return false;
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inSecond = 0;
    }
    if (this.#inSecond >= this.#keeping.nobodyPerSecond) return false;
    const day = Math.floor(now / dayMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#today = 0;
    }
    return this.#today < (this.#keeping.nobodyBytesPerDay * (1 + (now % dayMs) / dayMs)) / 2;
  }
}

/** Only what counting needs, so that what waits holds nothing large. */
function counted({ now, operation, region, sourceIp, fault, fallbackAccount }: CountedFacts): CountedFacts {
  const short = fault === null ? null : { code: fault.code, message: "" };
  return { now, operation, region, sourceIp, fault: short, fallbackAccount };
}

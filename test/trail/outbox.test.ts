/** A record that was kept and whose row stayed is not kept again, however much came before it meanwhile. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock/clock.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import * as outbox from "../../src/store/server/outbox.ts";
import { TrailFiles } from "../../src/trail/files.ts";
import { OutboxMover } from "../../src/trail/outbox-mover.ts";
import { Trail } from "../../src/trail/trail.ts";

function eventId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

async function add(database: Database, numbers: readonly number[]): Promise<void> {
  await database.write(async (tx) => {
    for (const number of numbers) {
      const id = eventId(number);
      const record = JSON.stringify({ eventID: id });
      outbox.append(tx, { eventId: id, account: "111122223333", at: 0, record, private: "" });
    }
  });
}

test("rows of a removal that failed, behind more than a batch of new ones", async () => {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-outbox-"));
  const database = await openDatabase({ sqlite: ":memory:" });
  let failing = true;
  /** Keeps records, and fails to remove them from the outbox. */
  const unreliable = new Proxy(database, {
    get(target, name) {
      if (name === "write" && failing) return () => Promise.reject(new Error("the connection is lost"));
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const errors: unknown[] = [];
  const open = () =>
    new Trail({
      database: unreliable,
      clock: systemClock,
      files: new TrailFiles(directory),
      onError: (error) => errors.push(error),
    });
  const recorded = async (trail: Trail): Promise<string[]> => {
    const ids: string[] = [];
    for await (const text of trail.newestFirst()) ids.push((JSON.parse(text) as { eventID: string }).eventID);
    return ids.sort();
  };
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
  try {
    await add(database, numbers(1000, 1500));
    const first = open();
    await first.recover();
    expect(errors).toHaveLength(1);
    // What another node committed late stands before them.
    await outbox.drain(database, 500, async () => undefined);
    await add(database, [...numbers(0, 600), ...numbers(1000, 1500)]);
    failing = false;
    const all = [...numbers(0, 600), ...numbers(1000, 1500)].map(eventId);
    for (const trail of [first, open()]) {
      await trail.recover();
      expect(await recorded(trail)).toEqual(all);
    }
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test.each([
  { toTheEnd: false, moved: [[1], [2, 3]] },
  { toTheEnd: true, moved: [[1], [2], [3]] },
])(
  "what is committed while others are moved waits for the next time, unless there is none: $toTheEnd",
  async (given) => {
    const database = await openDatabase({ sqlite: ":memory:" });
    const moved: number[][] = [];
    let next = 2;
    const mover: OutboxMover = new OutboxMover({
      database,
      elsewhere: null,
      keep: async (records) => {
        moved.push(records.map(({ eventId }) => Number(eventId.slice(-12))));
        // Changes go on, one after the other.
        while (next <= 3) {
          await add(database, [next++]);
          mover.committed();
          if (given.toTheEnd) break;
        }
      },
    });
    try {
      await add(database, [1]);
      mover.committed();
      await mover.move(given.toTheEnd);
      if (!given.toTheEnd) expect(moved).toEqual([[1]]);
      await mover.move(given.toTheEnd);
      expect(moved).toEqual(given.moved);
      await mover.move(false);
      expect(moved).toEqual(given.moved);
    } finally {
      await database.close();
    }
  },
);

/**
 * Memory comes to rest: an hour of mixed load on each store, by `npm run soak -- test/memory` (its minutes by
 * ROLECALL_MEMORY_MINUTES). `npm test` leaves it out: what rests within seconds says nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, inject, test } from "vitest";
import { compileProgram } from "../../harness/program.ts";
import { dataDirectory } from "../../harness/places.ts";
import { createDatabase } from "../../harness/postgres/server.ts";
import { startMixedLoad } from "./mixed-load.ts";
import { serve } from "./serve.ts";

const minutes = Number(process.env["ROLECALL_MEMORY_MINUTES"] ?? 0);
const perSecond = Number(process.env["ROLECALL_MEMORY_REQUESTS"] ?? 500);
/** One store alone. */
const only = process.env["ROLECALL_MEMORY_STORE"];
/** What a process under this load may take, and by how much its last quarter may be above the one before (MB). */
const mostResident = 300;
const mostGrowth = 12;

describe.runIf(minutes > 0)("memory under a mixed load", () => {
  const program = compileProgram("test/long/memory/server.ts");
  afterAll(() => program.remove());

  test.each(["sqlite", "postgresql"].filter((store) => only === undefined || store === only))(
    "comes to rest on %s",
    async (store) => {
      const name = `memory_${process.pid}`;
      const database = store === "sqlite" ? [] : [await createDatabase(inject("postgresUrl"), name)];
      const served = await serve(
        program,
        [dataDirectory(), ...database],
        process.env["ROLECALL_MEMORY_FLAGS"]?.split(" "),
      );
      const load = startMixedLoad({ ...served, connections: 8, perSecond });
      const resident: number[] = [];
      try {
        for (let minute = 1; minute <= minutes; minute++) {
          await sleep(60_000);
          expect(load.failures.slice(0, 3)).toEqual([]);
          const { rss, heapUsed, heapTotal, external, arrayBuffers } = served.memory;
          resident.push(megabytes(rss));
          console.log(
            `${store}, minute ${minute}: ${load.requests} requests, ${megabytes(rss)} MB resident, ` +
              `heap ${megabytes(heapUsed)} of ${megabytes(heapTotal)}, external ${megabytes(external)} ` +
              `(buffers ${megabytes(arrayBuffers)})`,
          );
        }
      } finally {
        await load.stop();
        served.child.kill();
      }
      // Caches fill for half an hour: each has its bytes, and what comes and goes slowly fills its own last.
      const quarter = Math.ceil(minutes / 4);
      expect(Math.max(...resident)).toBeLessThan(mostResident);
      const [last, before] = [resident.slice(-quarter), resident.slice(-2 * quarter, -quarter)];
      expect(median(last)! - median(before)!).toBeLessThan(mostGrowth);
    },
    (minutes + 5) * 60_000,
  );
});

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/**
 * The fuzzer: whatever arrives is answered with a fault in the right shape. a failure names its seed and input,
 * `ROLECALL_FUZZ_INPUTS` makes it longer (`npm run soak`).
 */
import { expect, test } from "vitest";
import { postgresql } from "../../contract/backends.ts";
import { attack } from "./campaign.ts";
import { hostileWorld } from "./world.ts";
import type { HostileWorld } from "./world.ts";
import { seed } from "../../harness/seed.ts";

const inputs = Number(process.env["ROLECALL_FUZZ_INPUTS"] ?? 50_000);
/** A tenth of the time is for the other database, whose answers take longer. */
const onPostgresql = Math.ceil(inputs / 50);

async function fuzz(world: HostileWorld, count: number): Promise<void> {
  const started = Date.now();
  const report = await attack(world, seed, count);
  console.log(`fuzz: seed ${seed}, ${Date.now() - started} ms`, { ...report, failures: report.failures.length });
  expect(report.failures).toEqual([]);
  expect(world.defects).toEqual([]);
  // Most inputs must come past the signature, or it would be the signature alone that is tested.
  expect(report.authenticated / report.inputs).toBeGreaterThan(0.5);
  expect(report.accepted / report.inputs).toBeGreaterThan(0.05);
  expect(report.growth).toBeLessThan(200_000_000);
}

test(
  `${inputs} inputs of seed ${seed} on SQLite`,
  async () => {
    const world = await hostileWorld({ sqlite: ":memory:" }, "memory");
    await fuzz(world, inputs).finally(() => world.close());
  },
  120_000 + inputs * 10,
);

test(
  `${onPostgresql} inputs of seed ${seed} on PostgreSQL, with a trail in files`,
  async () => {
    const { location } = await postgresql.place();
    const world = await hostileWorld(location, "files");
    await fuzz(world, onPostgresql).finally(() => world.close());
  },
  120_000 + onPostgresql * 20,
);

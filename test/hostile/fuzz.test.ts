/**
 * The fuzzer: whatever arrives is answered with a fault in the right shape. `ROLECALL_FUZZ_SEED` repeats a run,
 * `ROLECALL_FUZZ_INPUTS` makes it longer (`npm run soak`).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { attack } from "./campaign.ts";
import { hostileWorld } from "./world.ts";
import type { HostileWorld } from "./world.ts";

const inputs = Number(process.env["ROLECALL_FUZZ_INPUTS"] ?? 100_000);
const seed = Number(process.env["ROLECALL_FUZZ_SEED"] ?? (Date.now() % 2 ** 31));

const defects: unknown[] = [];
let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld({ sqlite: ":memory:" }, (error) => { console.log(error); defects.push(error); });
});
afterAll(() => world.close());

test(
  `${inputs} inputs of seed ${seed}: always an answer in the right shape`,
  async () => {
    const started = Date.now();
    const report = await attack(world, seed, inputs);
    console.log(`fuzz: seed ${seed}, ${Date.now() - started} ms`, { ...report, failures: report.failures.length });
    expect(report.failures).toEqual([]);
    expect(defects).toEqual([]);
    // Most inputs must come past the signature, or it would be the signature alone that is tested.
    expect(report.authenticated / report.inputs).toBeGreaterThan(0.5);
    expect(report.accepted / report.inputs).toBeGreaterThan(0.05);
    expect(report.growth).toBeLessThan(200_000_000);
  },
  120_000 + inputs * 2,
);

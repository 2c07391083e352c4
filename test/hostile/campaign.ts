/** Many inputs from one seed, each judged; what fails is made small and told with its seed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../reference/random.ts";
import { pass } from "./in-process.ts";
import type { Outcome } from "./in-process.ts";
import { objection } from "./oracle.ts";
import { anyPlan, realize } from "./requests.ts";
import type { Plan } from "./requests.ts";
import { shrink } from "./shrink.ts";
import type { HostileWorld } from "./world.ts";

/** An answer that takes longer is a hang (milliseconds). */
const hang = 2000;
/** One minute after which the event loop must have turned: timers of the server run too. */
const breath = 64;
const mostFailures = 10;

export interface Report {
  readonly inputs: number;
  /** Inputs whose signature was good. */
  readonly authenticated: number;
  /** Answers with status 200. */
  readonly accepted: number;
  readonly slowest: number;
  readonly slowestIndex: number;
  /** Bytes on the heap after the run, more than before it; garbage is collected on both sides. */
  readonly growth: number;
  readonly failures: readonly string[];
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Input `index` of a seed. */
export function planOf(world: HostileWorld, seed: number, index: number): Plan {
  return anyPlan(new Random(Math.imul(seed, 0x9e3779b1) ^ index), world.pools, world.tokens);
}

export async function attack(world: HostileWorld, seed: number, inputs: number): Promise<Report> {
  const environment = world.server.environment();
  const run = (plan: Plan) => pass(environment, realize(plan, world.signers, Date.now()));
  const failures: string[] = [];
  let [authenticated, accepted, slowest, slowestIndex] = [0, 0, 0, 0];
  let before = 0;
  for (let index = 0; index < inputs && failures.length < mostFailures; index++) {
    // Caches are full by then: from here on nothing may grow for good.
    if (index === Math.floor(inputs / 4)) before = heap();
    const plan = planOf(world, seed, index);
    const outcome = await run(plan);
    if (outcome.authenticated) authenticated++;
    if (outcome.answer?.status === 200) accepted++;
    if (outcome.milliseconds > slowest) [slowest, slowestIndex] = [outcome.milliseconds, index];
    const wrong = verdict(outcome);
    if (wrong !== null) {
      const smaller = await shrink(plan, async (candidate) => verdict(await run(candidate)) !== null);
      failures.push(`seed ${seed}, input ${index}: ${wrong}\n${JSON.stringify(smaller).slice(0, 2000)}`);
    }
    if (index % breath === 0) await new Promise(setImmediate);
  }
  await environment.trail.flush();
  return { inputs, authenticated, accepted, slowest, slowestIndex, growth: heap() - before, failures };
}

function verdict(outcome: Outcome): string | null {
  if (outcome.defects.length > 0) return `a defect: ${String((outcome.defects[0] as Error).stack)}`;
  if (outcome.milliseconds > hang) return `${outcome.milliseconds} ms`;
  if (outcome.answer === null) return "no answer";
  const { status, headers, body } = outcome.answer;
  return objection({ status, contentType: headers["content-type"], body });
}

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

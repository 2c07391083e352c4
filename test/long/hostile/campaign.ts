/** Many inputs from one seed, each judged; what fails is made small and told with its seed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../../harness/random.ts";
import { Door } from "./in-process.ts";
import { beforeAuthentication, objection } from "./oracle.ts";
import type { Answer } from "./oracle.ts";
import { anyPlan, realize } from "../../harness/hostile/requests.ts";
import type { Plan } from "../../harness/hostile/requests.ts";
import { shrink } from "./shrink.ts";
import type { HostileWorld } from "./world.ts";

/** An answer that costs this process more of its processor's time is a hang, and one that never comes (milliseconds). */
const mostWork = 2000;
const never = 30_000;
/** One minute after which the event loop must have turned: timers of the server run too. */
const breath = 64;
const mostFailures = 8;

export interface Report {
  readonly inputs: number;
  /** Inputs whose signature was good. */
  readonly authenticated: number;
  /** Answers with status 200. */
  readonly accepted: number;
  /** Processor time of this process for one input, client and judge included (milliseconds). */
  readonly cpu: number;
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

interface Outcome {
  /** Null when the server hung up without an answer. */
  readonly answer: Answer | null;
  /** Processor time of this process, server and client. */
  readonly milliseconds: number;
  /** What the server called its own defect. */
  readonly defects: readonly unknown[];
}

export async function attack(world: HostileWorld, seed: number, inputs: number): Promise<Report> {
  const door = await Door.of(world.server.url);
  const run = async (plan: Plan): Promise<Outcome> => {
    const request = realize(plan, world.signers, Date.now());
    const started = process.cpuUsage();
    const answer = await within(door.pass(request));
    const { user, system } = process.cpuUsage(started);
    return { answer, milliseconds: (user + system) / 1000, defects: world.defects.splice(0) };
  };
  const failures: string[] = [];
  const cpuBefore = process.cpuUsage();
  let [authenticated, accepted, slowest, slowestIndex] = [0, 0, 0, 0];
  let before = heap();
  for (let index = 0; index < inputs && failures.length < mostFailures; index++) {
    // Caches are full by then: from here on nothing may grow for good.
    if (index === Math.floor(inputs / 4)) before = heap();
    const plan = planOf(world, seed, index);
    const outcome = await run(plan);
    const { answer, milliseconds } = outcome;
    if (answer !== null && !beforeAuthentication(answer)) authenticated++;
    if (answer?.status === 200) accepted++;
    if (milliseconds > slowest) [slowest, slowestIndex] = [milliseconds, index];
    const wrong = verdict(outcome);
    if (wrong !== null) {
      const smaller = await shrink(plan, async (candidate) => verdict(await run(candidate)) !== null);
      failures.push(`seed ${seed}, input ${index}: ${wrong}\n${JSON.stringify(smaller).slice(0, 2000)}`);
    }
    if (index % breath === 0) await new Promise(setImmediate);
  }
  await world.server.environment().trail.flush();
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = (user + system) / 1000 / inputs;
  return { inputs, authenticated, accepted, cpu, slowest, slowestIndex, growth: heap() - before, failures };
}

/** Null when nothing came. */
async function within(answer: Promise<Answer | null>): Promise<Answer | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), never);
  });
  const first = await Promise.race([answer, late]);
  clearTimeout(timer);
  return first;
}

function verdict({ answer, milliseconds, defects }: Outcome): string | null {
  if (defects.length > 0) return `a defect: ${String((defects[0] as Error).stack)}`;
  if (milliseconds > mostWork) return `${milliseconds} ms of work`;
  return answer === null ? "no answer" : objection(answer);
}

/** Bytes in use once garbage is collected. */
function heap(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

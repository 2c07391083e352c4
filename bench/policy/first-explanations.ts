/** A worker that explains before V8 has compiled anything, and then says what a decision takes once it has. */
import { parentPort } from "node:worker_threads";
import { evaluate, explain } from "../../src/policy/index.ts";
import { engine, time } from "./measure.ts";
import { allWork } from "./work.ts";

/** Nanoseconds each. */
export interface FirstTimes {
  readonly explain: number;
  readonly evaluate: number;
}

const [{ asked, policies }] = allWork();
const explaining = engine(asked, (request) => explain(request, policies).changes);
const deciding = engine(asked, (request) => evaluate(request, policies));
const repeat = (times: number, run: () => void) => (): void => {
  for (let index = 0; index < times; index++) run();
};

const explained = time(10_000, repeat(10_000 / explaining.count, explaining.run));
repeat(100, deciding.run)();
const decided = time(100 * deciding.count, repeat(100, deciding.run));
parentPort!.postMessage({ explain: explained, evaluate: decided } satisfies FirstTimes);

/** Explanations against the decisions that they explain. */
import { Worker } from "node:worker_threads";
import { evaluate, explain } from "../../src/policy/index.ts";
import type { Explanation } from "../../src/policy/index.ts";
import { below, median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import type { FirstTimes } from "./first-explanations.ts";
import { alternate, atMost, engine, pairedRatio, repeated } from "./measure.ts";
import type { Asked, Work } from "./work.ts";

/** Times a decision that its explanation may take, `changes` and all words included. */
const goal = 20;
/** Milliseconds of an explanation on W3. */
const goalMs = 5;

/**
 * `changes` of an explanation are found when they are asked for, and V8 puts a text together when it is first looked
 * at: so the reasons alone, with the changes, and with every text read to its end.
 */
export function explanationRows({ name, asked, policies }: Work): Row[] {
  const some: readonly Asked[] = asked.slice(0, 100);
  const [decided = [], explained = [], changed = [], read = []] = alternate([
    repeated(
      10,
      engine(some, (request) => evaluate(request, policies)),
    ),
    engine(some, (request) => explain(request, policies)),
    engine(some, (request) => explain(request, policies).changes),
    engine(some, (request) => readAll(explain(request, policies))),
  ]);
  return [
    { metric: "explain", times: explained },
    { metric: "explain with changes", times: changed },
    { metric: "explain with changes, all words read", times: read },
  ].map(({ metric, times }) => {
    const compared = { floor: median(decided), ratio: pairedRatio(times, decided).ratio };
    if (name === "W1") return atMost(name, `${metric}, over evaluate`, median(times), "ns", compared, goal);
    const ms = median(times) / 1e6;
    return name === "W3" ? below(name, metric, ms, "ms", goalMs) : stated(name, metric, ms, "ms");
  });
}

let units = 0;

/** The last character of a text cannot be had without the text. */
function look(text: string): void {
  units += text.charCodeAt(text.length - 1);
}

function readAll(explanation: Explanation): number {
  look(explanation.summary);
  for (const { words, conditions } of explanation.statements) {
    look(words);
    for (const condition of conditions) look(condition.words);
  }
  for (const { words } of explanation.blockedBy) look(words);
  for (const set of explanation.changes) for (const { words } of set) look(words);
  return units;
}

/** Isolates that begin with nothing compiled. */
const beginnings = 5;

/** What a process's first explanations cost, while V8 still learns the code: the first ten thousand of an isolate. */
export async function firstExplanationRows(name: string): Promise<Row[]> {
  const all: FirstTimes[] = [];
  for (let index = 0; index < beginnings; index++) all.push(await first());
  const decided = median(all.map(({ evaluate: one }) => one));
  const explained = median(all.map(({ explain: one }) => one));
  return [
    stated(name, "explain with changes, first 10,000", explained, "ns", {
      floor: decided,
      ratio: median(all.map(({ evaluate: floor, explain: one }) => one / floor)),
    }),
  ];
}

async function first(): Promise<FirstTimes> {
  const worker = new Worker(new URL("./first-explanations.js", import.meta.url));
  return await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/**
 * The engine beside Cedar and casbin on the same work. What they can prepare they prepare outside of the timing. Before
 * anything is timed each has to decide all the requests as the engine does.
 */
import { evaluate } from "../../src/policy/index.ts";
import { median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { casbin } from "./casbin.ts";
import { cedar, cedarCall } from "./cedar.ts";
import { alternate, engine, pairedRatio, rounds, time } from "./measure.ts";
import { requestCount } from "./work.ts";
import type { Work } from "./work.ts";

type Decide = (index: number) => boolean;

/** Requests a round, the next ones each time, all of them in the end: a peer may need milliseconds for one. */
const sample = requestCount / rounds;
/** As many of the following as the engine answers in that round, to last long enough for the clock. */
const engineSample = 1000;

export async function peerRows(work: Work): Promise<Row[]> {
  return [
    ...beside("Cedar", work, cedar(work.name, work)),
    callRow(work),
    ...beside("casbin", work, await casbin(work)),
  ];
}

function beside(peer: string, work: Work, decide: Decide): Row[] {
  agree(peer, work, decide);
  const twice = [...work.asked, ...work.asked];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round * sample;
    const turn = engine(twice.slice(first, first + engineSample), (request) => evaluate(request, work.policies));
    turn.run();
    ours.push(time(turn.count, turn.run));
    theirs.push(timeOf(decide, first));
  }
  const rate = (times: readonly number[]) => 1e9 / median(times);
  const { ratio, spread } = pairedRatio(theirs, ours);
  return [
    stated(work.name, `beside ${peer}`, rate(ours), "decisions/s", { floor: rate(theirs), ratio }),
    stated(work.name, `beside ${peer}: ratio, quartile distance`, spread, ""),
  ];
}

function agree(peer: string, { name, asked, policies }: Work, decide: Decide): void {
  for (const [index, { request }] of asked.entries()) {
    if (decide(index) !== evaluate(request, policies).allowed)
      throw new Error(`${name}: ${peer} disagrees on ${request.action} ${request.resource}`);
  }
}

function timeOf(decide: Decide, first: number): number {
  return time(sample, () => {
    for (let index = first; index < first + sample; index++) decide(index);
  });
}

/** What of Cedar's time is the crossing into WebAssembly and the parsing of the request. */
function callRow(work: Work): Row {
  const decide = cedarCall(`${work.name} empty`, work);
  const [times = []] = alternate([{ count: sample, run: () => timeOf(decide, 0) }]);
  return stated(work.name, "Cedar with no policies: the call alone", median(times) / 1000, "µs");
}

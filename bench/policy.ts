/**
 * The policy engine against its floor and beside its peers. Medians of paired runs on one core; contexts are prepared
 * outside the timing, decisions are complete with all layers, and no decision is cached. Run by `npm run bench`.
 */
import { evaluate, explain } from "../src/policy/index.ts";
import { hostileRows } from "./policy/hostile.ts";
import { alternate, atMost, engine, floorOf, pairedRatio, repeated, time } from "./policy/measure.ts";
import { peerRows } from "./policy/peers.ts";
import { compileRows } from "./policy/preparation.ts";
import { allWork, requestCount } from "./policy/work.ts";
import type { Asked, Work } from "./policy/work.ts";
import { below, median, stated } from "./row.ts";
import type { Row } from "./row.ts";

/** Times the floor that a decision may take. */
const goals: Readonly<Record<string, number>> = { W1: 22, W2: 45, W3: 45, W4: 150 };
/** Times a decision that its explanation may take. */
const explainGoal = 20;
/** Milliseconds of an explanation on W3. */
const explainMs = 5;

/** Runs all measurements of the engine. */
export async function run(): Promise<Row[]> {
  const works = allWork();
  const [w1, , w3] = works;
  const rows: Row[] = [];
  for (const work of works) {
    rows.push(...decisionRows(work, w1), ...explanationRows(work));
    if (work === w3) rows.push(besideRow(w3, w1), ...compileRows(w3));
    rows.push(...(await peerRows(work)));
  }
  return [...rows, ...hostileRows()];
}

/**
 * Against the floor on the same requests, and on W1's: a Map of few short actions answers in half the time of one of
 * hundreds, so that the former flatters the larger works.
 */
function decisionRows(work: Work, w1: Work): Row[] {
  const { name, asked, policies } = work;
  const goal = goals[name]!;
  const allowed = asked.filter(({ request }) => evaluate(request, policies).allowed).length;
  const [floors = [], smallFloors = [], times = []] = alternate([
    floorOf(asked),
    floorOf(w1.asked),
    engine(asked, (request) => evaluate(request, policies)),
  ]);
  const value = median(times);
  const against = (held: readonly number[]) => ({ floor: median(held), ratio: pairedRatio(times, held).ratio });
  return [
    stated(name, "allowed", (100 * allowed) / requestCount, "%"),
    atMost(name, "evaluate", value, "ns", against(floors), goal),
    stated(name, "evaluate: ratio, quartile distance", pairedRatio(times, floors).spread, ""),
    ...(work === w1 ? [] : [atMost(name, "evaluate, on W1's floor", value, "ns", against(smallFloors), goal)]),
    unseenRow(work),
  ];
}

/** Actions that were never asked before, so that the index itself is searched and nothing is remembered. */
function unseenRow({ name, asked, policies }: Work): Row {
  const perRound = 300;
  const turns = 100;
  const unseen = Array.from({ length: perRound * turns }, (_, index) => {
    const { request } = asked[index % requestCount]!;
    return { ...request, action: `${request.action}${index}` };
  });
  let next = 0;
  const times = Array.from({ length: turns }, () =>
    time(perRound, () => {
      for (const end = next + perRound; next < end; next++) evaluate(unseen[next]!, policies);
    }),
  );
  return stated(name, "evaluate, action never seen", median(times), "ns");
}

/** `changes` of an explanation are found when they are asked for: the reasons alone, and with them. */
function explanationRows({ name, asked, policies }: Work): Row[] {
  const some: readonly Asked[] = asked.slice(0, 100);
  const [decided = [], explained = [], changed = []] = alternate([
    repeated(
      10,
      engine(some, (request) => evaluate(request, policies)),
    ),
    engine(some, (request) => explain(request, policies)),
    engine(some, (request) => explain(request, policies).changes),
  ]);
  return [
    { metric: "explain", times: explained },
    { metric: "explain with changes", times: changed },
  ].map(({ metric, times }) => {
    const compared = { floor: median(decided), ratio: pairedRatio(times, decided).ratio };
    if (name === "W1") return atMost(name, `${metric}, over evaluate`, median(times), "ns", compared, explainGoal);
    const ms = median(times) / 1e6;
    return name === "W3" ? below(name, metric, ms, "ms", explainMs) : stated(name, metric, ms, "ms");
  });
}

/** Ten thousand patterns may cost twice what three do. */
function besideRow(w3: Work, w1: Work): Row {
  const [times = [], floors = []] = alternate(
    [w3, w1].map(({ asked, policies }) => engine(asked, (request) => evaluate(request, policies))),
  );
  const compared = { floor: median(floors), ratio: pairedRatio(times, floors).ratio };
  return atMost(w3.name, "evaluate, over W1's", median(times), "ns", compared, 2);
}

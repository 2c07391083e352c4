/**
 * The policy engine against its floor and beside its peers. Medians of paired runs on one core; contexts are prepared
 * outside the timing, decisions are complete with all layers, and no decision is cached. Run by `npm run bench`.
 */
import { evaluate } from "../src/policy/index.ts";
import { explanationRows, firstExplanationRows } from "./policy/explanations.ts";
import { hostileRows } from "./policy/hostile.ts";
import { alternate, atMost, engine, floorOf, pairedRatio, time } from "./policy/measure.ts";
import { peerRows } from "./policy/peers.ts";
import { compileRows } from "./policy/preparation.ts";
import { allWork, requestCount } from "./policy/work.ts";
import type { Work } from "./policy/work.ts";
import { median, stated } from "./row.ts";
import type { Row } from "./row.ts";

/** Times the floor that a decision may take. */
const goals: Readonly<Record<string, number>> = { W1: 22, W2: 45, W3: 45, W4: 150 };

/** Runs all measurements of the engine. */
export async function run(): Promise<Row[]> {
  const works = allWork();
  const [w1, , w3] = works;
  const rows: Row[] = [];
  for (const work of works) {
    rows.push(...decisionRows(work, w1), ...explanationRows(work));
    if (work === w1) rows.push(...(await firstExplanationRows(w1.name)));
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

/** Ten thousand patterns may cost twice what three do. */
function besideRow(w3: Work, w1: Work): Row {
  const [times = [], floors = []] = alternate(
    [w3, w1].map(({ asked, policies }) => engine(asked, (request) => evaluate(request, policies))),
  );
  const compared = { floor: median(floors), ratio: pairedRatio(times, floors).ratio };
  return atMost(w3.name, "evaluate, over W1's", median(times), "ns", compared, 2);
}

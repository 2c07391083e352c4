import { median } from "../row.ts";
import type { Row } from "../row.ts";
import type { Asked } from "./work.ts";

/**
 * Many short turns instead of few long ones: a turn of a millisecond mostly fits between two interruptions by others on
 * the machine. With long turns those would meet the engine and not its floor, whose turns are short anyway.
 */
export const rounds = 100;

/** Nanoseconds for one of `count`. */
export function time(count: number, run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / count;
}

/** What is timed: `run` answers `count` requests. */
export interface Contestant {
  readonly count: number;
  readonly run: () => void;
}

let sink = 0;

/** A Map look-up and a prepared regular expression: the least that an answer about these requests could cost. */
export function floorOf(asked: readonly Asked[]): Contestant {
  const requests = asked.map(({ request }) => request);
  const patterns = new Map(requests.map(({ action }) => [action, /^arn:aws:[a-z0-9]+:/]));
  const run = () => {
    for (const { action, resource } of requests) if (patterns.get(action)!.test(resource)) sink++;
  };
  return repeated(10, { count: requests.length, run });
}

export function engine(asked: readonly Asked[], judge: (request: Asked["request"]) => unknown): Contestant {
  const requests = asked.map(({ request }) => request);
  const run = () => {
    for (const request of requests) if (judge(request) === null) sink++;
  };
  return { count: requests.length, run };
}

export function repeated(times: number, { count, run }: Contestant): Contestant {
  return {
    count: count * times,
    run: () => {
      for (let index = 0; index < times; index++) run();
    },
  };
}

/** Nanoseconds a request of each contestant, round by round: they take turns, so that a busy moment meets them all. */
export function alternate(contestants: readonly Contestant[]): number[][] {
  for (let warm = 0; warm < 30; warm++) for (const { run } of contestants) run();
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { count, run }] of contestants.entries()) times[index]!.push(time(count, run));
  }
  return times;
}

/** The median of the ratios of each round, and how far apart their quartiles are. */
export function pairedRatio(values: readonly number[], floors: readonly number[]): { ratio: number; spread: number } {
  const ratios = values.map((value, index) => value / floors[index]!).toSorted((a, b) => a - b);
  const quarter = Math.floor(ratios.length / 4);
  return { ratio: median(ratios), spread: ratios.at(-1 - quarter)! - ratios[quarter]! };
}

/** A ratio that must not exceed its goal. */
export function atMost(
  bench: string,
  metric: string,
  value: number,
  unit: string,
  compared: { readonly floor: number; readonly ratio: number },
  goal: number,
): Row {
  const { floor, ratio } = compared;
  const met = ratio <= goal;
  return { bench, metric, value: round(value), unit, floor: round(floor), ratio: round(ratio), goal, met };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

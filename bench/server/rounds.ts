import { median } from "../row.ts";
import type { Connection } from "./connection.ts";
import { closedLoop, openLoop } from "./load.ts";
import type { Pool } from "./load.ts";
import type { Measured } from "./process.ts";

/** A process, its open connections, and what is sent to it. */
export interface Contestant {
  readonly process: Measured;
  readonly connections: readonly Connection[];
  readonly pool: Pool;
}

export interface Round {
  /** Requests a second. */
  readonly rate: number;
  /** Microseconds of processor time a request, all threads of the measured process. */
  readonly cpu: number;
  /** Share of one core that the measured process had; well below 1, something else was the limit. */
  readonly busy: number;
}

export async function round({ process, connections, pool }: Contestant, ms: number): Promise<Round> {
  const before = await process.usage();
  const { requests, seconds } = await closedLoop(connections, pool, ms);
  const after = await process.usage();
  const cpu = after.cpu - before.cpu;
  return { rate: requests / seconds, cpu: cpu / requests, busy: cpu / 1e6 / seconds };
}

/** At a fixed rate. @param perSecond requests */
export async function pacedRound({ process, connections, pool }: Contestant, perSecond: number, ms: number) {
  const before = await process.usage();
  await openLoop(connections, pool, perSecond, ms);
  const after = await process.usage();
  const cpu = after.cpu - before.cpu;
  const seconds = ms / 1000;
  return { rate: perSecond, cpu: cpu / (perSecond * seconds), busy: cpu / 1e6 / seconds } satisfies Round;
}

/**
 * Rounds in turn (A B C, B C A …), so that what slows the machine down for a while slows all of them down.
 * @returns one list of rounds for each contestant, in step
 */
export function alternate(contestants: readonly Contestant[], rounds: number, ms: number): Promise<Round[][]> {
  return inTurn(contestants.length, rounds, (index) => round(contestants[index]!, ms));
}

/** The same of anything: `run` makes a round of the contestant at `index`. */
export async function inTurn(
  count: number,
  rounds: number,
  run: (index: number) => Promise<Round>,
): Promise<Round[][]> {
  const results: Round[][] = Array.from({ length: count }, () => []);
  for (let turn = 0; turn < rounds; turn++) {
    for (let step = 0; step < count; step++) {
      const index = (turn + step) % count;
      results[index]!.push(await run(index));
    }
  }
  return results;
}

export interface Summary {
  readonly rate: number;
  readonly cpu: number;
  readonly busy: number;
}

export function summary(rounds: readonly Round[]): Summary {
  return {
    rate: median(rounds.map((one) => one.rate)),
    cpu: median(rounds.map((one) => one.cpu)),
    busy: median(rounds.map((one) => one.busy)),
  };
}

/** What is measured beside its floor. */
export function against(ours: readonly Round[], floors: readonly Round[]) {
  return {
    mine: summary(ours),
    bottom: summary(floors),
    throughput: pairedRatio(ours, floors, (round) => round.rate),
    // The floor's over ours, so that it reads like the ratio of throughputs.
    cpu: pairedRatio(floors, ours, (round) => round.cpu),
  };
}

/** Median of the ratios of paired rounds, and how far apart its quartiles are (the noise). */
export function pairedRatio(
  values: readonly Round[],
  floors: readonly Round[],
  of: (round: Round) => number,
): { readonly ratio: number; readonly spread: number } {
  const ratios = values.map((value, index) => of(value) / of(floors[index]!)).sort((a, b) => a - b);
  const quartile = (share: number): number => ratios[Math.floor((ratios.length - 1) * share)]!;
  return { ratio: median(ratios), spread: quartile(0.75) - quartile(0.25) };
}

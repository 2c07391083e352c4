/** What every measurement comes to: one row of the table, one line of `--json`. */
export interface Row {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** The same metric of what it is held against; null where it stands alone. */
  readonly floor: number | null;
  readonly ratio: number | null;
  /** Bound of `ratio`, or of `value` where there is no ratio; null where the figure is only stated. */
  readonly goal: number | null;
  readonly met: boolean | null;
}

interface Compared {
  readonly floor: number;
  readonly ratio: number;
}

/** A figure without a goal. */
export function stated(bench: string, metric: string, value: number, unit: string, compared?: Compared): Row {
  return { bench, metric, value: round(value), unit, ...comparison(compared), goal: null, met: null };
}

/** A ratio that must not fall below its goal. */
export function atLeast(
  bench: string,
  metric: string,
  value: number,
  unit: string,
  compared: Compared,
  goal: number,
): Row {
  const met = compared.ratio >= goal;
  return { bench, metric, value: round(value), unit, ...comparison(compared), goal, met };
}

/** A value that must stay under its goal. */
export function below(bench: string, metric: string, value: number, unit: string, goal: number): Row {
  return { bench, metric, value: round(value), unit, floor: null, ratio: null, goal, met: value < goal };
}

function comparison(compared: Compared | undefined): { floor: number | null; ratio: number | null } {
  return compared === undefined
    ? { floor: null, ratio: null }
    : { floor: round(compared.floor), ratio: round(compared.ratio) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @param share 0–1 @param sorted ascending */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * How much work deciding one request may be. Every piece of it is linear in what it reads, but thousands of a policy's
 * values against thousands of a request's, for a hundred resources, are a product: a policy and a request made for each
 * other could hold up a server for minutes. So whatever looks at a value says what that costs (`spend`), and what one
 * request may cost in all is bounded. Evaluation is synchronous, so one counter serves all.
 */

/**
 * Steps of 5 to 20 nanoseconds: less than a tenth of a second, however they are spent. A decision by ten policies with
 * 10,000 patterns takes a thousandth of it.
 */
const limit = 5_000_000;

/** A request was given up on: nothing is known of its outcome, so nothing may be allowed on its account. */
export class PolicyEffortError extends Error {
  constructor() {
    super("the policies take too long to evaluate against this request");
    this.name = "PolicyEffortError";
  }
}

/** What the decisions on one request may still cost, all of them together. */
export class Effort {
  /** Steps; below zero once there was too much to do. */
  left = limit;

  /** Steps that were counted so far. */
  get spent(): number {
    return limit - this.left;
  }
}

/** The steps left to what runs now. Held in an array because a variable of a module would be a new object at each change. */
const left = new Float64Array([Infinity]);

/** Called before the work, so that what would be too much is not begun. @throws PolicyEffortError */
export function spend(steps: number): void {
  left[0]! -= steps;
  if (left[0]! < 0) throw new PolicyEffortError();
}

/** One piece of work for a request; outside of one, work is not counted. @throws PolicyEffortError */
export function within<T>(effort: Effort, work: () => T): T {
  left[0] = effort.left;
  try {
    return work();
  } finally {
    effort.left = left[0];
    left[0] = Infinity;
  }
}

/** What it costs to go over a text once with the speed of a comparison: 32 characters are a step. */
export function stepsOver(text: string): number {
  return 1 + (text.length >> 5);
}

/**
 * How much searching one evaluation may do. Each pattern is matched in linear time, but thousands of patterns against
 * thousands of long values are a product: a policy and a request made for each other could hold up a server for minutes.
 * Evaluation is synchronous, so one counter serves all.
 */

/** Character steps: about ten milliseconds. Ten policies with 10,000 patterns take less than a tenth of it. */
const limit = 500_000;

let left = Infinity;

/** An evaluation was given up: nothing is known of its outcome, so nothing may be allowed on its account. */
export class PolicyEffortError extends Error {
  constructor() {
    super("the policies take too long to evaluate against this request");
    this.name = "PolicyEffortError";
  }
}

/** @throws PolicyEffortError */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new PolicyEffortError();
}

/** One piece of work within the bound; outside of one, searching is not counted. @throws PolicyEffortError */
export function within<T>(work: () => T): T {
  left = limit;
  try {
    return work();
  } finally {
    left = Infinity;
  }
}

/** The steps that are counted in a piece of work. @throws PolicyEffortError where they are beyond the bound */
export function stepsOf(work: () => void): number {
  return within(() => {
    work();
    return limit - left;
  });
}

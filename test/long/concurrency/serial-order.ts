/**
 * The checker: searches an order in which the calls, one after the other, give exactly the answers that were seen
 * (Wing & Gong, "Testing and verifying concurrent objects", 1993). A call that ended before another began stands before
 * it, so what it accepts is strictly serializable.
 */

/** What a call does to a state, and what it answers then. */
export interface Step<S> {
  readonly answer: string;
  readonly next: S;
}

export interface Call<S> {
  readonly what: string;
  /** Milliseconds of a monotonic clock. */
  readonly began: number;
  readonly ended: number;
  readonly answer: string;
  /** Whether this answer says that nothing was changed, whatever the state: a read, a refusal. */
  readonly harmless: boolean;
  readonly step: (state: S) => Step<S>;
}

const mostConfigurations = 200_000;

/**
 * @param keyOf a text that is the same for equal states
 * @returns the calls in a serial order that explains their answers, or null when there is none
 * @throws Error when the search became too large to say
 */
export function serialOrder<S>(
  initial: S,
  calls: readonly Call<S>[],
  keyOf: (state: S) => string,
): readonly Call<S>[] | null {
  const byBegin = calls.toSorted((a, b) => a.began - b.began);
  const taken = new Uint8Array(byBegin.length);
  const order: Call<S>[] = [];
  const seen = new Set<string>();

  /** Calls that may come next, soonest ended first: of those left, none ended before they began. */
  function candidates(): number[] {
    const found: number[] = [];
    let soonest = Infinity;
    for (const [index, call] of byBegin.entries()) {
      if (call.began > soonest) break;
      if (taken[index] === 1) continue;
      soonest = Math.min(soonest, call.ended);
      found.push(index);
    }
    return found
      .filter((index) => byBegin[index]!.began <= soonest)
      .sort((a, b) => byBegin[a]!.ended - byBegin[b]!.ended);
  }

  function take(index: number): void {
    taken[index] = 1;
    order.push(byBegin[index]!);
  }

  /** Harmless calls that fit are taken at once: that never spoils an order that would be found without. */
  function takeHarmless(state: S): number[] {
    const added: number[] = [];
    for (let grew = true; grew;) {
      grew = false;
      for (const index of candidates()) {
        const call = byBegin[index]!;
        if (!call.harmless || call.step(state).answer !== call.answer) continue;
        take(index);
        added.push(index);
        grew = true;
      }
    }
    return added;
  }

  function search(state: S): boolean {
    const added = takeHarmless(state);
    if (order.length === byBegin.length) return true;
    const configuration = `${keyOf(state)} ${Buffer.from(taken).toString("latin1")}`;
    if (!seen.has(configuration)) {
      if (seen.size === mostConfigurations) throw new Error("the search for a serial order became too large");
      seen.add(configuration);
      for (const index of candidates()) {
        const call = byBegin[index]!;
        const { answer, next } = call.step(state);
        if (answer !== call.answer) continue;
        take(index);
        if (search(next)) return true;
        order.pop();
        taken[index] = 0;
      }
    }
    for (const index of added.reverse()) {
      order.pop();
      taken[index] = 0;
    }
    return false;
  }

  return search(initial) ? order : null;
}

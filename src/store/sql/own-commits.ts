import { LRUCache } from "lru-cache";

import type { Change } from "./change.ts";
import type { Domain } from "./domain.ts";
import { sameRevision } from "./revision.ts";
import type { Revision } from "./revision.ts";

/** Changes that are remembered, of all domains together; each takes about 200 bytes. */
const mostChanges = 20_000;
/** Commits that are remembered of one domain. */
export const mostSteps = 64;

/** One commit: from which revision of a domain to which it led, and what it changed there. */
interface Step {
  readonly before: Revision;
  readonly after: Revision;
  readonly changes: readonly Change[];
}

/**
 * What this process itself has committed lately. A revision says that something has changed in a domain, not what. Where
 * all commits since then were this process's own it knows what: an entry of a cache that none of them touches is as good
 * at the present revision as at its own. A commit of anybody else is a gap that nothing is carried across.
 */
export class OwnCommits {
  readonly #steps = new LRUCache<Domain, Step[]>({
    maxSize: mostChanges,
    sizeCalculation: (steps) => steps.reduce((sum, { changes }) => sum + changes.length, 0),
  });

  /** Told of a commit once it is durable. */
  note(domain: Domain, step: Step): void {
    const steps = this.#steps.get(domain) ?? [];
    const last = steps.at(-1);
    const kept = last !== undefined && sameRevision(last.after, step.before) ? steps.slice(1 - mostSteps) : [];
    this.#steps.set(domain, [...kept, step]);
  }

  /**
   * Whether all commits between two revisions of a domain are known, and none changed what is described.
   * @param touches whether one change is such
   */
  leave(domain: Domain, from: Revision, to: Revision, touches: (change: Change) => boolean): boolean {
    const steps = this.#steps.get(domain);
    if (steps === undefined || to.number <= from.number) return false;
    const offset = from.number - steps[0]!.before.number;
    const between = steps.slice(Math.max(0, offset), offset + to.number - from.number);
    const known =
      offset >= 0 &&
      between.length === to.number - from.number &&
      sameRevision(between[0]!.before, from) &&
      sameRevision(between.at(-1)!.after, to);
    return known && !between.some(({ changes }) => changes.some(touches));
  }
}

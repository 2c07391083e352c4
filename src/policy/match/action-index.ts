/**
 * Which statements of a document speak of an action, without trying every pattern: by service, then by exact name,
 * and only then by pattern. Actions are case-insensitive; `*` and `?` may stand anywhere
 * (IAM User Guide, reference_policies_elements_action and reference_policies_elements_notaction).
 */
import { spend } from "../effort.ts";
import { foldName } from "../name.ts";
import { matchesAny, patternOf } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";

export interface ActionLists {
  readonly action?: readonly string[];
  readonly notAction?: readonly string[];
}

/** What one statement lists within one service, or across services. */
interface Listing {
  readonly statement: number;
  readonly exact: Set<string>;
  readonly patterns: Pattern[];
}

export class ActionIndex {
  readonly #services = new Map<string, Listing[]>();
  /** Patterns whose service part has a wildcard. */
  readonly #anyService: Listing[] = [];
  /** Statements with NotAction: they speak of what their list does not name. */
  readonly #inverted = new Set<number>();

  constructor(statements: readonly ActionLists[]) {
    for (const [statement, { action, notAction }] of statements.entries()) {
      if (notAction !== undefined) this.#inverted.add(statement);
      for (const text of action ?? notAction ?? []) this.#add(statement, foldName(text));
    }
  }

  /**
   * Indices of the statements that speak of an action, ascending.
   * @param action `service:operation`, folded
   * @throws PolicyEffortError
   */
  statementsFor(action: string): readonly number[] {
    const found: number[] = [];
    addListing(found, this.#ofService(action), action);
    addListing(found, this.#anyService, action);
    this.#invert(found);
    return found.sort((a, b) => a - b);
  }

  #invert(found: number[]): void {
    for (const statement of this.#inverted) {
      spendOnSearch(found);
      const at = found.indexOf(statement);
      if (at < 0) found.push(statement);
      else found.splice(at, 1);
    }
  }

  /**
   * Indices of the statements with Action that name the service of an action, whether or not they name the action.
   * @throws PolicyEffortError
   */
  statementsOfService(action: string): readonly number[] {
    const found: number[] = [];
    const listings = this.#ofService(action);
    spend(listings.length);
    for (const { statement } of listings) if (!this.#inverted.has(statement)) found.push(statement);
    return found;
  }

  #add(statement: number, text: string): void {
    const colon = text.indexOf(":");
    const service = text.slice(0, Math.max(0, colon));
    const listings = colon < 0 || /[*?]/.test(service) ? this.#anyService : this.#listings(service);
    let listing = listings.at(-1);
    if (listing?.statement !== statement) listings.push((listing = { statement, exact: new Set(), patterns: [] }));
    const pattern = patternOf(text);
    if (pattern.kind === "exact") listing.exact.add(text);
    else listing.patterns.push(pattern);
  }

  /** An action without a colon has no service. */
  #ofService(action: string): readonly Listing[] {
    return this.#services.get(action.slice(0, Math.max(0, action.indexOf(":")))) ?? nothing;
  }

  #listings(service: string): Listing[] {
    let listings = this.#services.get(service);
    if (listings === undefined) this.#services.set(service, (listings = []));
    return listings;
  }
}

const nothing: readonly Listing[] = [];

/** What it takes to look into one listing, beside its patterns. */
const listingSteps = 8;

/** Adds the statements that list the action; one may do so both under its service and across services. */
function addListing(found: number[], listings: readonly Listing[], action: string): void {
  spend(listingSteps * listings.length);
  for (const { statement, exact, patterns } of listings) {
    if (!exact.has(action) && !matchesAny(patterns, action)) continue;
    spendOnSearch(found);
    if (!found.includes(statement)) found.push(statement);
  }
}

/** Few statements speak of an action, and a list of few is searched faster than anything else. */
function spendOnSearch(found: readonly number[]): void {
  spend(1 + (found.length >> 3));
}

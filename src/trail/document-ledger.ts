import { LRUCache } from "lru-cache";
import type { PolicyDocument } from "./policy-snapshots.ts";
import { documentLine, omissionLine } from "./document-lines.ts";

/**
 * Characters of private lines after which a document is written again before a record refers to it: whoever reads a
 * record finds its documents not far before it, without an index, and files of former days may be dropped.
 */
export const documentReach = 2_000_000;

/** Characters of documents that one user, role or root may bring in an hour; a policy of IAM has 2,048 to 10,240. */
export const quota = 1_000_000;
const hour = 3_600_000;

/** Documents and principals that are remembered: 2 MB of memory at most. */
const mostDocuments = 10_000;
const mostOwners = 10_000;

interface Budget {
  readonly since: number;
  readonly left: number;
}

/**
 * Which documents the private lines of this writer have, counted in the order in which they are added. A document is
 * written with the records that refer to it, once within reach; ever new ones are written as long as their owner's
 * budget lasts. Of the others the lines say that they are not kept, so that denials cost no more than they are.
 */
export class DocumentLedger {
  #position = 0;
  /** Where a document was written last; the one that was used longest ago goes first. */
  readonly #written = new LRUCache<string, number>({ max: mostDocuments });
  readonly #budgets = new LRUCache<string, Budget>({ max: mostOwners });

  /** Notes a line that was added. */
  advance(characters: number): void {
    this.#position += characters;
  }

  /**
   * The line that must stand before a record that refers to a document; null where it stands within reach already.
   *
   * @param now milliseconds since the epoch
   */
  lineFor(sha256: string, { text, owner }: PolicyDocument, now: number): string | null {
    const at = this.#written.get(sha256);
    if (at !== undefined && this.#position - at < documentReach) return null;
    if (at === undefined && !this.#take(owner, text.length, now)) return omissionLine(sha256, text.length);
    this.#written.set(sha256, this.#position);
    return documentLine(sha256, text);
  }

  #take(owner: string, characters: number, now: number): boolean {
    const known = this.#budgets.get(owner);
    const budget = known !== undefined && now - known.since < hour ? known : { since: now, left: quota };
    const left = budget.left - characters;
    this.#budgets.set(owner, left < 0 ? budget : { since: budget.since, left });
    return left >= 0;
  }
}

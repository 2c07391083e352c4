import { LRUCache } from "lru-cache";

import type { Row, Statement, Value } from "../../transaction.ts";

/** Rows kept of one statement at most. They are small, and so are the ids that they are kept by. */
const mostRows = 5000;

interface Kept {
  readonly row: Row | undefined;
}

/**
 * First rows of statements that say they may be kept (`Statement.kept`), for as long as nothing is committed: whoever
 * keeps them says when that is over.
 */
export class KeptRows {
  readonly #rows = new Map<Statement, LRUCache<NonNullable<Value>, Kept>>();

  /** @param read reads the row where it is not kept */
  get(statement: Statement, values: readonly Value[], read: () => Row | undefined): Row | undefined {
    let rows = this.#rows.get(statement);
    if (rows === undefined) {
      rows = new LRUCache({ maxSize: mostRows, sizeCalculation: () => 1 });
      this.#rows.set(statement, rows);
    }
    const parameter = values[0]!;
    let kept = rows.get(parameter);
    if (kept === undefined) rows.set(parameter, (kept = { row: read() }));
    return kept.row;
  }

  forget(): void {
    this.#rows.clear();
  }
}

import type { Row, Statement, Value } from "../transaction.ts";

/** Rows kept at most. */
const mostRows = 10_000;

/**
 * First rows of statements that say they may be kept (`Statement.kept`), for as long as nothing is committed: whoever
 * keeps them says when that is over.
 */
export class KeptRows {
  readonly #rows = new Map<Statement, Map<Value, Row | undefined>>();
  #count = 0;

  /** @param read reads the row where it is not kept */
  get(statement: Statement, values: readonly Value[], read: () => Row | undefined): Row | undefined {
    let rows = this.#rows.get(statement);
    if (rows === undefined) this.#rows.set(statement, (rows = new Map()));
    const parameter = values[0]!;
    if (rows.has(parameter)) return rows.get(parameter);
    const row = read();
    if (this.#count >= mostRows) {
      this.forget();
      this.#rows.set(statement, (rows = new Map()));
    }
    rows.set(parameter, row);
    this.#count++;
    return row;
  }

  forget(): void {
    this.#rows.clear();
    this.#count = 0;
  }
}

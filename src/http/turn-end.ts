/** Items that are acted on in one turn at most: it bounds how long one waits for others, and for how long a turn lasts. */
const most = 32;

/**
 * Gathers what comes in one turn of the event loop and acts on it at the turn's end, together. A lone item waits for
 * nothing: its turn ends with it. What is more than one turn takes is left to the next, in its order.
 *
 * `add` never acts: whoever adds is in the middle of something (a parser in the middle of its bytes, an answer that lets
 * the next request in), and acting there would nest without end.
 */
export class TurnEnd<T> {
  readonly #act: (gathered: readonly T[]) => void;
  #gathered: T[] = [];
  #scheduled = false;

  /** @param act must not throw */
  constructor(act: (gathered: readonly T[]) => void) {
    this.#act = act;
  }

  add(item: T): void {
    this.#gathered.push(item);
    this.#schedule();
  }

  /** Acts now: for whoever knows that nothing more comes in this turn. */
  flush(): void {
    if (this.#gathered.length === 0) return;
    const gathered = this.#gathered.length > most ? this.#gathered.splice(0, most) : this.#gathered;
    if (gathered === this.#gathered) this.#gathered = [];
    else this.#schedule();
    this.#act(gathered);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turnEnds);
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}

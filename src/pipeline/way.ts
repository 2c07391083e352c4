import type { Answered, Exchange } from "./stage.ts";

/** What a step makes of a stage: the next one, or an answer, which ends the way. A promise only where it has to wait. */
type Outcome<To> = To | Answered | Promise<To | Answered>;

/** @throws Fault and other errors: the way ends there, too */
type Step<From, To> = (stage: From) => Outcome<To>;

/** A step whatever its stages are: that they fit together was checked where the way was laid. */
type LaidStep = (exchange: Exchange) => Exchange | Promise<Exchange>;

/** Told of a request whose way has ended. @param error null where it has its answer */
type Finish = (exchange: Exchange, error: unknown) => void;

/**
 * Steps in their order. Each takes what the one before it has made, or the way does not compile: no step can read what
 * is not there yet.
 */
export class Way<From extends Exchange, To extends Exchange> {
  readonly #steps: readonly LaidStep[];

  private constructor(steps: readonly LaidStep[]) {
    this.#steps = steps;
  }

  static from<Stage extends Exchange>(): Way<Stage, Stage> {
    return new Way([]);
  }

  step<Next extends Exchange>(step: Step<To, Next>): Way<From, Next> {
    return new Way([...this.#steps, step as LaidStep]);
  }

  /** What the steps are called. */
  get names(): readonly string[] {
    return this.#steps.map(({ name }) => name);
  }

  /**
   * Takes requests along: all take a step before any takes the next. A processor that has just run a step runs it again in
   * half the time, because its caches hold the code. One that has to wait goes on by itself. Where a step does not wait
   * there is no promise, which would cost more than some steps.
   *
   * @param arrived told of those that come to the end without an answer: of several at once, or of one that came late
   */
  walk(stages: readonly From[], finish: Finish, arrived: (stages: readonly To[]) => void): void {
    const late = (exchange: Exchange, pending: Promise<Exchange>, next: number): void => {
      this.#goOn(pending, next).then(
        (stage) => (stage.answer === undefined ? arrived([stage as To]) : finish(stage, null)),
        (error: unknown) => finish(exchange, error),
      );
    };
    const steps = this.#steps;
    let going: readonly Exchange[] = stages;
    for (let index = 0; index < steps.length; index++) {
      const further: Exchange[] = [];
      for (const exchange of going) {
        try {
          const reached = steps[index]!(exchange);
          if (reached instanceof Promise) late(exchange, reached, index + 1);
          else if (reached.answer === undefined) further.push(reached);
          else finish(reached, null);
        } catch (error) {
          finish(exchange, error);
        }
      }
      going = further;
    }
    if (going.length > 0) arrived(going as readonly To[]);
  }

  /** What follows on a step that waits. @param next index of the step behind it */
  async #goOn(pending: Promise<Exchange>, next: number): Promise<Exchange> {
    let stage = await pending;
    for (const step of this.#steps.slice(next)) {
      if (stage.answer !== undefined) break;
      stage = await step(stage);
    }
    return stage;
  }
}

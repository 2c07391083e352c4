import type { Fault } from "../contracts/fault.ts";
import { named, shorten } from "../text/shorten.ts";

/** One thing that has to hold of a proof from outside: told to the administrator, never to whoever sent the proof. */
export interface Check {
  /** What is looked at: `issuer`, `audience`, `signature`. */
  readonly name: string;
  readonly passed: boolean;
  /** What there has to be. */
  readonly wanted?: string;
  /** What there was. */
  readonly seen?: string;
  /** What would change it. */
  readonly advice?: string;
}

/** A check before it is known to hold. None of its texts may be a secret: they end in the trail. */
export type Question = Omit<Check, "passed">;

/** Characters of a text: it may come from whoever sent the proof. */
const longestText = 400;
/** More than any proof needs. */
const mostChecks = 64;

/**
 * What was looked at while a proof was verified, step by step, up to the first that did not hold. A client is told as
 * little as AWS tells; this is what its administrator is told.
 */
export class Checks {
  /** As they were asked: nearly every proof is good, and then nobody reads them. */
  readonly #asked: Question[] = [];
  #refused = false;

  get made(): readonly Check[] {
    const last = this.#asked.length - 1;
    return this.#asked.map((question, index) => ({
      ...bounded(question),
      passed: !(this.#refused && index === last),
    }));
  }

  /** @throws Fault where it does not hold */
  require(holds: boolean, question: Question, fault: () => Fault): asserts holds {
    if (!holds) this.refuse(question, fault());
    this.note(question);
  }

  /** Something that held. */
  note(question: Question): void {
    if (this.#asked.length < mostChecks) this.#asked.push(question);
  }

  /** The last one: what comes after it is not looked at. @throws fault */
  refuse(question: Question, fault: Fault): never {
    if (this.#asked.length >= mostChecks) this.#asked.pop();
    this.#asked.push(question);
    this.#refused = true;
    throw fault;
  }
}

function bounded({ name, wanted, seen, advice }: Question): Question {
  return {
    name: named(name),
    ...(wanted === undefined ? {} : { wanted: shorten(wanted, longestText) }),
    ...(seen === undefined ? {} : { seen: shorten(seen, longestText) }),
    ...(advice === undefined ? {} : { advice: shorten(advice, longestText) }),
  };
}

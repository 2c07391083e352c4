import { contextOf } from "../context.ts";
import { spend, stepsOver } from "../../effort.ts";
import { hasVariable, resolveText } from "../variable.ts";
import type { Piece } from "../variable.ts";
import type { Context } from "../../types.ts";

/** A value of a condition. `pieces` is null where variables are not looked at, so that `${…}` is plain text. */
export interface ConditionValue {
  readonly text: string;
  readonly pieces: readonly Piece[] | null;
}

/**
 * What comes of comparing a value of the request with those of the policy. `no` is what a negated operator turns round;
 * the other two are the same for an operator and its negation.
 */
export const Fit = {
  /** None of the policy's values fits. */
  no: 0,
  yes: 1,
  /** The request's value has not the operator's type: the condition does not hold. */
  never: 2,
  /** The policy's value cannot be told: the statement grants nothing by it, and denies. */
  untold: 3,
} as const;
export type Fit = (typeof Fit)[keyof typeof Fit];

/**
 * How two values are compared, the request's and the policy's. None of its functions counts what it costs, and none can:
 * the one that sees the request's text is called once for all values of the policy, and `comparison` counts for all.
 */
export interface Rules<Seen, Wanted> {
  /** Variables work in String, Arn and Bool conditions only (reference_policies_variables). */
  readonly variables: boolean;
  /** Longest text of the request that can mean anything. A longer one is not read. */
  readonly longest: number;
  /** Steps that reading takes for each character. */
  readonly readSteps: number;
  /** What the request has; null for what cannot be read. */
  readonly read: (text: string) => Seen | null;
  /** What comes of a value that cannot be read. */
  readonly unreadable: typeof Fit.no | typeof Fit.never;
  /** What the policy wants, made ready once; null for what means nothing, which nothing fits. */
  readonly prepare: (value: ConditionValue) => Wanted | null;
  /** At most one look over what was read, beside what filling in variables counts by itself; null where it is not told. */
  readonly fits: (seen: Seen, wanted: Wanted, context: Context) => boolean | null;
}

/** How a value of the request fits those of the policy. @throws PolicyEffortError */
export type ValueTest = (seen: string, context: Context) => Fit;

/** A row's comparison, ready for the values of a clause. Made by `comparison` alone. */
export class Comparison {
  readonly variables: boolean;
  readonly anyOf: (values: readonly ConditionValue[]) => ValueTest;

  private constructor(variables: boolean, anyOf: Comparison["anyOf"]) {
    this.variables = variables;
    this.anyOf = anyOf;
  }

  /** The only way to a comparison: the value is read once, and every look at it is counted. */
  static of<Seen, Wanted>(rules: Rules<Seen, Wanted>): Comparison {
    return new Comparison(rules.variables, (values) => testOf(rules, values));
  }
}

function testOf<Seen, Wanted>(
  { longest, readSteps, read, unreadable, prepare, fits }: Rules<Seen, Wanted>,
  values: readonly ConditionValue[],
): ValueTest {
  const wanted: Wanted[] = [];
  for (const value of values) {
    const one = prepare(value);
    if (one !== null) wanted.push(one);
  }
  return (text, context) => {
    if (text.length > longest) return unreadable;
    spend(readSteps * text.length + wanted.length * stepsOver(text));
    const seen = read(text);
    if (seen === null) return unreadable;
    // In the document's order: a value that fits ends the search, and so does one that cannot be told (observed on AWS).
    for (const one of wanted) {
      const fit = fits(seen, one, context);
      if (fit !== false) return fit === null ? Fit.untold : Fit.yes;
    }
    return Fit.no;
  };
}

/** Steps for each character of a text that is taken as it is, or in another case; and of one that is taken apart. */
export const asText = 1 / 4;
export const takenApart = 2;

/** For pieces without variables. */
export const noContext = contextOf({});

/** A text that is wanted as it stands, or with variables to fill in. */
export type WantedText = string | readonly Piece[];

/** What whole texts are compared with; `fold` gives the form in which they are. */
export function wantedText({ text, pieces }: ConditionValue, fold: (text: string) => string): WantedText {
  if (pieces === null) return fold(text);
  return hasVariable(pieces) ? pieces : fold(resolveText(pieces, noContext)!);
}

/** Null when a variable has no value. */
export function filledIn(wanted: WantedText, fold: (text: string) => string, context: Context): string | null {
  if (typeof wanted === "string") return wanted;
  const text = resolveText(wanted, context);
  return text === null ? null : fold(text);
}

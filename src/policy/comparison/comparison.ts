import { contextOf } from "../context.ts";
import { hasVariable, resolveText } from "../variable.ts";
import type { Piece } from "../variable.ts";
import type { Context } from "../types.ts";

/** Whether a value seen in the request fits the one value of the policy that the test was made of. */
export type ValueTest = (seen: string, context: Context) => boolean;

/** A value of a condition. `pieces` is null where variables are not looked at, so that `${…}` is plain text. */
export interface ConditionValue {
  readonly text: string;
  readonly pieces: readonly Piece[] | null;
}

/** How two values are compared. What a comparison cannot read never fits anything. */
export interface Comparison {
  /** Variables work in String, Arn and Bool conditions only (reference_policies_variables). */
  readonly variables: boolean;
  prepare(value: ConditionValue): ValueTest;
}

/** For pieces without variables. */
export const noContext = contextOf({});

export const never: ValueTest = () => false;

/** A comparison of whole texts: variables give the text, then `make` tests against it. */
export function comparisonOfTexts(make: (wanted: string) => ValueTest): Comparison {
  return {
    variables: true,
    prepare({ text, pieces }) {
      if (pieces === null) return make(text);
      if (!hasVariable(pieces)) return make(resolveText(pieces, noContext)!);
      return (seen, context) => {
        const wanted = resolveText(pieces, context);
        return wanted !== null && make(wanted)(seen, context);
      };
    },
  };
}

/** A comparison of parsed values without variables; `read` answers null for what it cannot read. */
export function comparisonOf<T>(read: (text: string) => T | null, fits: (seen: T, wanted: T) => boolean): Comparison {
  return {
    variables: false,
    prepare({ text }) {
      const wanted = read(text);
      if (wanted === null) return never;
      return (text) => {
        const seen = read(text);
        return seen !== null && fits(seen, wanted);
      };
    },
  };
}

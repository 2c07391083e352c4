/** Condition clauses: one operator and one key, with the values of which one has to fit. */
import { Fit } from "./comparison/comparison.ts";
import type { ConditionValue, ValueTest } from "./comparison/comparison.ts";
import type { ConditionClause } from "../document/document.ts";
import { spend } from "../effort.ts";
import { foldName } from "../name.ts";
import { isTrue } from "./comparison/text.ts";
import { operatorOf } from "./operator.ts";
import type { Operator } from "./operator.ts";
import type { Context, ContextValue } from "../types.ts";
import { piecesOf } from "./variable.ts";

export interface Clause {
  readonly operator: Operator;
  /** Folded: names of keys and of tags in them are case-insensitive, values are not. */
  readonly key: string;
  /** How a value of the request fits the policy's, before any negation: several values are alternatives. */
  readonly fits: ValueTest;
  /** Whether the clause holds where the policy's value cannot be told: such a statement denies, and grants nothing. */
  readonly untold: boolean;
  /** For `Null`: whether the clause wants the key to be absent, to be present, or either. */
  readonly wantsAbsent: boolean;
  readonly wantsPresent: boolean;
  readonly source: ConditionClause;
}

/**
 * @param allow the statement's effect
 * @param variables whether the document's version knows policy variables
 * @returns null when there is no such operator
 */
export function compileClause(source: ConditionClause, allow: boolean, variables: boolean): Clause | null {
  const operator = operatorOf(source.operator);
  if (operator === null) return null;
  const { comparison } = operator;
  return {
    operator,
    key: foldName(source.key),
    fits: testOf(source, operator, variables),
    untold: !allow,
    // Every other text is false, as in Bool conditions (observed on AWS).
    wantsAbsent: comparison === null && source.values.some(isTrue),
    wantsPresent: comparison === null && !source.values.every(isTrue),
    source,
  };
}

/** A list without values matches nothing, negated or not (Access Analyzer, EMPTY_ARRAY_CONDITION). */
function testOf(source: ConditionClause, { comparison }: Operator, variables: boolean): ValueTest {
  return comparison === null || source.values.length === 0
    ? never
    : comparison.anyOf(valuesOf(source, variables && comparison.variables));
}

function valuesOf({ values }: ConditionClause, variables: boolean): readonly ConditionValue[] {
  return values.map((text) => ({ text, pieces: variables && text.includes("${") ? piecesOf(text) : null }));
}

const never: ValueTest = () => Fit.never;

/** What asking a clause costs beside its values, and what each value that the request has costs. */
const clauseSteps = 4;
const valueSteps = 2;

/**
 * Whether the clause holds (reference_policies_elements_condition_operators, reference_policies_multi-value-conditions,
 * reference_policies_condition-single-vs-multi-valued).
 *
 * @throws PolicyEffortError
 */
export function holds(clause: Clause, context: Context): boolean {
  spend(clauseSteps);
  const seen = context.get(clause.key);
  const { operator } = clause;
  if (operator.quantifier !== "one") return holdsForSet(clause, seen, context);
  if (operator.comparison === null) return isPresent(seen) ? clause.wantsPresent : clause.wantsAbsent;
  // A missing key: positive operators are false, negated ones and IfExists are true.
  if (!isPresent(seen)) return operator.negated || operator.ifExists;
  // A plain operator on a multivalued key matches nothing, negated or not.
  if (typeof seen !== "string") return false;
  return holdsFor(clause, seen, context) ?? clause.untold;
}

/** Several values of the policy: OR, and NOR under a negated operator. Null where it cannot be told. */
function holdsFor(clause: Clause, seen: string, context: Context): boolean | null {
  switch (clause.fits(seen, context)) {
    case Fit.no:
      return clause.operator.negated;
    case Fit.yes:
      return !clause.operator.negated;
    case Fit.never:
      return false;
    case Fit.untold:
      return null;
  }
}

/** A key whose value is an empty list is as good as absent: "a null data set". */
export function isPresent(seen: ContextValue | undefined): seen is ContextValue {
  return seen !== undefined && (typeof seen === "string" || seen.length > 0);
}

/**
 * ForAllValues is true when there is nothing to test; ForAnyValue is false then, even with IfExists (observed on AWS).
 * Both take the negation value by value. A text is a set of one, the empty text too (observed on AWS, September 2026,
 * against the documentation's "null data set, such as an empty string").
 */
function holdsForSet(clause: Clause, seen: ContextValue | undefined, context: Context): boolean {
  const { comparison, quantifier } = clause.operator;
  const all = quantifier === "all";
  // Null compares no value, so that none of them fails and none of them passes.
  if (comparison === null || !isPresent(seen)) return all;
  if (typeof seen === "string") return holdsFor(clause, seen, context) ?? clause.untold;
  spend(valueSteps * seen.length);
  for (const value of seen) {
    const outcome = holdsFor(clause, value, context);
    if (outcome !== all) return outcome ?? clause.untold;
  }
  return all;
}

/** Condition clauses: one operator and one key, with the values of which one has to fit. */
import type { ConditionValue, ValueTest } from "./comparison/comparison.ts";
import type { ConditionClause } from "../document/document.ts";
import { spend } from "../effort.ts";
import { foldName } from "../name.ts";
import { operatorOf } from "./operator.ts";
import type { Operator } from "./operator.ts";
import type { Context, ContextValue } from "../types.ts";
import { piecesOf } from "./variable.ts";

export interface Clause {
  readonly operator: Operator;
  /** Folded: names of keys and of tags in them are case-insensitive, values are not. */
  readonly key: string;
  /** Whether one of the policy's values fits, before any negation: several values are alternatives. */
  readonly fits: ValueTest;
  /** For `Null`: whether the clause wants the key to be absent, to be present, or either. */
  readonly wantsAbsent: boolean;
  readonly wantsPresent: boolean;
  readonly source: ConditionClause;
}

/**
 * @param variables whether the document's version knows policy variables
 * @returns null when there is no such operator
 */
export function compileClause(source: ConditionClause, variables: boolean): Clause | null {
  const operator = operatorOf(source.operator);
  if (operator === null) return null;
  const { comparison } = operator;
  const folded = comparison === null ? source.values.map((value) => value.toLowerCase()) : [];
  return {
    operator,
    key: foldName(source.key),
    fits: comparison === null ? never : comparison.anyOf(valuesOf(source, variables && comparison.variables)),
    wantsAbsent: folded.includes("true"),
    wantsPresent: folded.includes("false"),
    source,
  };
}

function valuesOf({ values }: ConditionClause, variables: boolean): readonly ConditionValue[] {
  return values.map((text) => ({ text, pieces: variables && text.includes("${") ? piecesOf(text) : null }));
}

const never: ValueTest = () => false;

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
  if (operator.comparison === null) return isPresent(seen) ? clause.wantsPresent : clause.wantsAbsent;
  if (operator.quantifier !== "one") return holdsForSet(clause, seen, context);
  // A missing key: positive operators are false, negated ones and IfExists are true.
  if (!isPresent(seen)) return operator.negated || operator.ifExists;
  // A plain operator on a multivalued key matches nothing, negated or not.
  if (typeof seen !== "string") return false;
  // Several values: OR, and NOR under a negated operator.
  return clause.fits(seen, context) !== operator.negated;
}

/** A key whose value is an empty list is as good as absent: "a null data set". */
export function isPresent(seen: ContextValue | undefined): seen is ContextValue {
  return seen !== undefined && (typeof seen === "string" || seen.length > 0);
}

/**
 * ForAllValues is true when there is nothing to test ("a null data set, such as an empty string"); ForAnyValue is
 * false then, even with IfExists (observed on AWS). Both take the negation value by value.
 */
function holdsForSet(clause: Clause, seen: ContextValue | undefined, context: Context): boolean {
  const { negated, quantifier } = clause.operator;
  const all = quantifier === "all";
  if (!isPresent(seen) || seen === "") return all;
  if (typeof seen === "string") return clause.fits(seen, context) !== negated;
  spend(valueSteps * seen.length);
  for (const value of seen) {
    const outcome = clause.fits(value, context) !== negated;
    if (outcome !== all) return outcome;
  }
  return all;
}

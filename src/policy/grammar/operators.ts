/**
 * What a grammar asks about the name of a condition operator. Which names there are is the engine's table
 * (`../match/operator.ts`): what it cannot evaluate is not stored.
 */
import { foldName } from "../name.ts";
import { baseOperators, operatorOf } from "../match/operator.ts";
import type { Quantifier } from "../match/operator.ts";

export interface OperatorName {
  /** As AWS writes it, without quantifier and suffix. */
  readonly base: string;
  readonly type: ValueType;
  readonly quantifier: Quantifier;
  readonly ifExists: boolean;
  readonly negated: boolean;
}

const valueTypes = ["String", "Numeric", "Date", "Bool", "Binary", "IpAddress", "Arn", "Null"] as const;
export type ValueType = (typeof valueTypes)[number];

const byLowerName: ReadonlyMap<string, { base: string; type: ValueType }> = new Map(
  baseOperators.map((base) => {
    const type = valueTypes.find((name) => base.replace(/^Not/, "").startsWith(name));
    if (type === undefined) throw new Error(`the type of ${base} is not known`);
    return [foldName(base), { base, type }];
  }),
);

/** Takes an operator's name apart; null when there is no such operator. `NullIfExists` is not one. */
export function parseOperatorName(name: string): OperatorName | null {
  const operator = operatorOf(name);
  const known = byLowerName.get(baseOf(name));
  if (operator === null || known === undefined) return null;
  const { quantifier, ifExists, negated } = operator;
  return { ...known, quantifier, ifExists, negated };
}

/** The lower-cased name without quantifier and suffix, whether or not there is such an operator. */
export function baseOf(name: string): string {
  return foldName(name)
    .replace(/^(forallvalues|foranyvalue):/, "")
    .replace(/ifexists$/, "");
}

/** Whether the operator demands that the key is present with one of the values: it can narrow a statement. */
export function isPositive(operator: OperatorName): boolean {
  // ForAllValues and IfExists are true when the key is missing, so they narrow nothing.
  return !operator.negated && !operator.ifExists && operator.quantifier !== "all" && operator.type !== "Null";
}

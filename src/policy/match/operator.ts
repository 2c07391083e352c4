/**
 * The condition operators as a table: what is compared, and whether the outcome is turned round
 * (IAM User Guide, reference_policies_elements_condition_operators). Prefix and suffix are read off the name:
 * quantifier × comparison × negated × IfExists.
 */
import { arnLike } from "./comparison/arn.ts";
import type { Comparison } from "./comparison/comparison.ts";
import {
  dateEquals,
  dateGreaterThan,
  dateGreaterThanEquals,
  dateLessThan,
  dateLessThanEquals,
} from "./comparison/date.ts";
import { ipAddress } from "./comparison/ip.ts";
import {
  numericEquals,
  numericGreaterThan,
  numericGreaterThanEquals,
  numericLessThan,
  numericLessThanEquals,
} from "./comparison/numeric.ts";
import { binaryEquals, bool, stringEquals, stringEqualsIgnoreCase, stringLike } from "./comparison/text.ts";
import { foldName } from "../name.ts";

/** `one`: the plain operator, for keys with a single value (reference_policies_condition-single-vs-multi-valued). */
export type Quantifier = "one" | "all" | "any";

export interface Operator {
  /** Null for the operator `Null`, which asks only whether the key is there. */
  readonly comparison: Comparison | null;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: Quantifier;
}

type Row = readonly [name: string, comparison: Comparison, negated: boolean];

const rows: readonly Row[] = [
  ["StringEquals", stringEquals, false],
  ["StringNotEquals", stringEquals, true],
  ["StringEqualsIgnoreCase", stringEqualsIgnoreCase, false],
  ["StringNotEqualsIgnoreCase", stringEqualsIgnoreCase, true],
  ["StringLike", stringLike, false],
  ["StringNotLike", stringLike, true],
  ["NumericEquals", numericEquals, false],
  ["NumericNotEquals", numericEquals, true],
  ["NumericLessThan", numericLessThan, false],
  ["NumericLessThanEquals", numericLessThanEquals, false],
  ["NumericGreaterThan", numericGreaterThan, false],
  ["NumericGreaterThanEquals", numericGreaterThanEquals, false],
  ["DateEquals", dateEquals, false],
  ["DateNotEquals", dateEquals, true],
  ["DateLessThan", dateLessThan, false],
  ["DateLessThanEquals", dateLessThanEquals, false],
  ["DateGreaterThan", dateGreaterThan, false],
  ["DateGreaterThanEquals", dateGreaterThanEquals, false],
  ["Bool", bool, false],
  ["BinaryEquals", binaryEquals, false],
  ["IpAddress", ipAddress, false],
  ["NotIpAddress", ipAddress, true],
  ["ArnEquals", arnLike, false],
  ["ArnLike", arnLike, false],
  ["ArnNotEquals", arnLike, true],
  ["ArnNotLike", arnLike, true],
];

const table: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row[0].toLowerCase(), row]));

const quantifiers: readonly (readonly [string, Quantifier])[] = [
  ["forallvalues:", "all"],
  ["foranyvalue:", "any"],
];

/** The operator of a name, which is read regardless of case; null when there is no such operator. */
export function operatorOf(name: string): Operator | null {
  let rest = foldName(name);
  let quantifier: Quantifier = "one";
  for (const [prefix, of] of quantifiers) {
    if (!rest.startsWith(prefix)) continue;
    quantifier = of;
    rest = rest.slice(prefix.length);
    break;
  }
  // Null is itself the question whether the key exists: there is no NullIfExists.
  if (rest === "null") return { comparison: null, negated: false, ifExists: false, quantifier };
  const ifExists = rest.endsWith("ifexists");
  const row = table.get(ifExists ? rest.slice(0, -"ifexists".length) : rest);
  return row === undefined ? null : { comparison: row[1], negated: row[2], ifExists, quantifier };
}

/** The names of all base operators, `Null` included, as AWS writes them. */
export const baseOperators: readonly string[] = [...rows.map((row) => row[0]), "Null"];

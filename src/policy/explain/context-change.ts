/** Values of context keys that would make a condition clause true or false. Every proposal is tried before it is made. */
import { isPresent, holds } from "../match/condition.ts";
import type { Clause } from "../match/condition.ts";
import type { Context, ContextValue } from "../types.ts";
import { spend } from "../effort.ts";
import { hasVariable, piecesOf, resolveText } from "../match/variable.ts";

/** A context with one key changed; null takes the key away. Several changes lie on one another. */
export class ChangedContext implements Context {
  readonly base: Context;
  readonly key: string;
  readonly value: ContextValue | null;
  constructor(base: Context, key: string, value: ContextValue | null) {
    this.base = base;
    this.key = key;
    this.value = value;
  }
  get(key: string): ContextValue | undefined {
    return key === this.key ? (this.value ?? undefined) : this.base.get(key);
  }
  *entries(): Iterable<[string, ContextValue]> {
    for (const entry of this.base.entries()) if (entry[0] !== this.key) yield entry;
    if (this.value !== null) yield [this.key, this.value];
  }
}

/** The changes of a context, in the order in which they were made; of two to one key the later counts. */
export function changesIn(changed: ChangedContext): Map<string, ContextValue | null> {
  const { base, key, value } = changed;
  return (base instanceof ChangedContext ? changesIn(base) : new Map<string, ContextValue | null>()).set(key, value);
}

/** The changes that turn all the clauses; null when one of them cannot be turned, or two pull on one key. */
export function turnAll(clauses: readonly Clause[], wanted: boolean, context: Context): ChangedContext | null {
  let changed: ChangedContext | null = null;
  for (const clause of clauses) {
    changed = turn(clause, wanted, changed ?? context, context);
    if (changed === null) return null;
  }
  if (clauses.length > 1) for (const clause of clauses) if (holds(clause, changed!) !== wanted) return null;
  return changed;
}

const others = ["true", "false", "other", "0", "2000-01-01T00:00:00Z", "0.0.0.0", "arn:aws:none:::other"];

/**
 * The first change that turns the clause; what may help most comes first: a value that the policy names, another
 * value, no value.
 *
 * @param asked the request's own context, of which the policy's variables are filled
 */
function turn(clause: Clause, wanted: boolean, context: Context, asked: Context): ChangedContext | null {
  const { comparison, negated, ifExists, quantifier } = clause.operator;
  if (comparison === null) return tried(clause, wanted, context, isPresent(asked.get(clause.key)) ? null : "true");
  const single = quantifier === "one";
  const without = single ? negated || ifExists || !wanted : true;
  // To make a plain operator false, it is the least to leave the key out.
  const first = without && single && !negated && !ifExists;
  if (first) {
    const found = tried(clause, wanted, context, null);
    if (found !== null) return found;
  }
  const othersFirst = wanted === negated;
  const found =
    (othersFirst ? anyOther(clause, wanted, context) : null) ??
    anyNamed(clause, wanted, context, asked) ??
    (othersFirst ? null : anyOther(clause, wanted, context));
  return found ?? (without && !first ? tried(clause, wanted, context, null) : null);
}

/** The changed context when the clause then holds as wanted. */
function tried(clause: Clause, wanted: boolean, context: Context, value: ContextValue | null): ChangedContext | null {
  const changed = new ChangedContext(context, clause.key, value);
  return holds(clause, changed) === wanted ? changed : null;
}

function anyOther(clause: Clause, wanted: boolean, context: Context): ChangedContext | null {
  return anyOf(others, clause, wanted, context);
}

function anyNamed(clause: Clause, wanted: boolean, context: Context, asked: Context): ChangedContext | null {
  for (const value of clause.source.values) {
    const found = anyOf(samples(value, asked), clause, wanted, context);
    if (found !== null) return found;
  }
  return null;
}

function anyOf(values: readonly string[], clause: Clause, wanted: boolean, context: Context): ChangedContext | null {
  const single = clause.operator.quantifier === "one";
  for (const value of values) {
    const found = tried(clause, wanted, context, single ? value : [value]);
    if (found !== null) return found;
  }
  return null;
}

/** What it takes to make samples of a value, beside its length. */
const sampleSteps = 32;

/** Values that may fit one of the policy's: the text itself, its wildcards filled, and what lies just beside a number. */
function samples(value: string, context: Context): string[] {
  spend(sampleSteps + value.length);
  const pieces = piecesOf(value);
  const text = hasVariable(pieces) ? resolveText(pieces, context) : value;
  if (text === null) return [];
  const found = [text];
  if (/[*?]/.test(text)) found.push(text.replaceAll("*", "x").replaceAll("?", "x"), text.replaceAll("*", ""));
  if (text.includes("/")) found.push(text.split("/", 1)[0]!);
  if (/^-?\d+(\.\d+)?$/.test(text)) found.push(String(Number(text) - 1), String(Number(text) + 1));
  if (/^\d{4}-/.test(text)) {
    const date = Date.parse(text);
    if (!Number.isNaN(date)) found.push(new Date(date - 1000).toISOString(), new Date(date + 1000).toISOString());
  }
  return found;
}

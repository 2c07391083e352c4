/** Values of context keys that would make a condition clause true or false. Every proposal is tried before it is made. */
import { isPresent, holds } from "../condition.ts";
import type { Clause } from "../condition.ts";
import type { Context, ContextValue } from "../types.ts";
import { hasVariable, piecesOf, resolveText } from "../variable.ts";

/** A context with some keys changed; null takes a key away. */
export class ChangedContext implements Context {
  readonly #base: Context;
  readonly changes: ReadonlyMap<string, ContextValue | null>;
  constructor(base: Context, changes: ReadonlyMap<string, ContextValue | null>) {
    this.#base = base;
    this.changes = changes;
  }
  get(key: string): ContextValue | undefined {
    const changed = this.changes.get(key);
    return changed === undefined ? this.#base.get(key) : (changed ?? undefined);
  }
  *entries(): Iterable<[string, ContextValue]> {
    for (const entry of this.#base.entries()) if (!this.changes.has(entry[0])) yield entry;
    for (const [key, value] of this.changes) if (value !== null) yield [key, value];
  }
}

/** The changes that turn all the clauses; null when one of them cannot be turned, or two pull on one key. */
export function turnAll(clauses: readonly Clause[], wanted: boolean, context: Context): ChangedContext | null {
  const changes = new Map<string, ContextValue | null>();
  for (const clause of clauses) {
    const found = candidates(clause, wanted, context).find((value) => {
      const tried = new ChangedContext(context, new Map(changes).set(clause.key, value));
      return holds(clause, tried) === wanted;
    });
    if (found === undefined) return null;
    changes.set(clause.key, found);
  }
  const changed = new ChangedContext(context, changes);
  return clauses.every((clause) => holds(clause, changed) === wanted) ? changed : null;
}

/** What may help, the most telling first: a value that the policy names, another value, no value. */
function candidates(clause: Clause, wanted: boolean, context: Context): (ContextValue | null)[] {
  const { operator, source } = clause;
  if (operator.comparison === null) return isPresent(context.get(clause.key)) ? [null] : ["true"];
  const fitting = source.values.flatMap((value) => samples(value, context));
  const others = ["true", "false", "other", "0", "2000-01-01T00:00:00Z", "0.0.0.0", "arn:aws:none:::other"];
  const single = wanted === operator.negated ? [...others, ...fitting] : [...fitting, ...others];
  if (operator.quantifier === "one")
    return operator.negated || operator.ifExists ? [...single, null] : wanted ? single : [null, ...single];
  return [...single.map((value) => [value]), null];
}

/** Values that may fit one of the policy's: the text itself, its wildcards filled, and what lies just beside a number. */
function samples(value: string, context: Context): string[] {
  const pieces = piecesOf(value);
  const text = hasVariable(pieces) ? resolveText(pieces, context) : value;
  if (text === null) return [];
  const found = [
    text,
    text.replaceAll("*", "x").replaceAll("?", "x"),
    text.replaceAll("*", ""),
    text.split("/", 1)[0]!,
  ];
  if (/^-?\d+(\.\d+)?$/.test(text)) found.push(String(Number(text) - 1), String(Number(text) + 1));
  const date = Date.parse(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(date)) {
    found.push(new Date(date - 1000).toISOString(), new Date(date + 1000).toISOString());
  }
  return found;
}

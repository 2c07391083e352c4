/** Values of context keys that would make a condition clause true or false. Every proposal is tried before it is made. */
import { knownContextKey } from "../context-key.ts";
import { isPresent, holds } from "../match/condition.ts";
import type { Clause } from "../match/condition.ts";
import type { Context, ContextValue } from "../types.ts";
import { adviceOf, usualSpelling } from "./advice.ts";
import type { Proposal } from "./advice.ts";
import { othersOf, samplesOf, typeOf } from "./samples.ts";

/** A context with one key changed; null takes the key away. Several changes lie on one another. */
export class ChangedContext implements Context {
  readonly base: Context;
  /** Folded. */
  readonly key: string;
  readonly value: ContextValue | null;
  readonly how: Proposal["how"];
  /** As the policy writes it. */
  readonly written: string;
  constructor(base: Context, { key, source }: Clause, value: ContextValue | null, how: Proposal["how"]) {
    this.base = base;
    this.key = key;
    this.value = value;
    this.how = how;
    this.written = source.key;
  }
  get(key: string): ContextValue | undefined {
    return key === this.key ? (this.value ?? undefined) : this.base.get(key);
  }
  *entries(): Iterable<[string, ContextValue]> {
    for (const entry of this.base.entries()) if (entry[0] !== this.key) yield entry;
    if (this.value !== null) yield [this.key, this.value];
  }
}

/** What a change proposes, over what the request has. */
export function proposalOf({ key, value, how, written }: ChangedContext, asked: Context, action: string): Proposal {
  return { key: usualSpelling(written), value, seen: asked.get(key) ?? null, how, action };
}

/** The changes of a context, in the order in which they were made; of two to one key the later counts. */
export function changesIn(changed: ChangedContext): Map<string, ChangedContext> {
  const { base, key } = changed;
  return (base instanceof ChangedContext ? changesIn(base) : new Map<string, ChangedContext>()).set(key, changed);
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

/**
 * The first change that turns the clause; what may help most comes first: a value that the policy names, another
 * value, no value. What nobody can bring about is not proposed.
 *
 * @param asked the request's own context, of which the policy's variables are filled
 */
function turn(clause: Clause, wanted: boolean, context: Context, asked: Context): ChangedContext | null {
  const tried: Attempt = (value, how) => {
    const changed = new ChangedContext(context, clause, value, how);
    return holds(clause, changed) === wanted && adviceOf(proposalOf(changed, asked, "")) !== null ? changed : null;
  };
  const isThere = isPresent(asked.get(clause.key));
  if (clause.operator.comparison === null) return isThere ? tried(null, "equal") : anyOther(clause, tried);
  const without = leavingOut(clause, wanted, isThere);
  const othersFirst = wanted === clause.operator.negated;
  return (
    (without === "first" ? tried(null, "equal") : null) ??
    (othersFirst ? anyOther(clause, tried) : null) ??
    anyNamed(clause, tried, asked) ??
    (othersFirst ? null : anyOther(clause, tried)) ??
    (without === "last" ? tried(null, "equal") : null)
  );
}

/** When it is tried to leave the key out. */
function leavingOut({ operator, key }: Clause, wanted: boolean, isThere: boolean): "first" | "last" | "never" {
  const { negated, ifExists, quantifier } = operator;
  if (quantifier !== "one") return "last";
  // To make a plain operator false, it is the least to leave the key out; what a session has, it has with its value.
  if (!negated && !ifExists) {
    if (wanted) return "never";
    return isThere && knownContextKey(key)?.source !== "session" ? "first" : "last";
  }
  return "last";
}

/** The changed context when the clause then holds as wanted, and somebody can bring it about. */
type Attempt = (value: ContextValue | null, how: Proposal["how"]) => ChangedContext | null;

function anyOther(clause: Clause, tried: Attempt): ChangedContext | null {
  const type = typeOf(clause);
  return anyOf(othersOf(clause, type), clause, (value) => tried(value, type === "Bool" ? "equal" : "other"));
}

function anyNamed(clause: Clause, tried: Attempt, asked: Context): ChangedContext | null {
  const type = typeOf(clause);
  for (const value of clause.source.values) {
    const found = anyOf(samplesOf(value, type, asked), clause, (sample) =>
      tried(sample, isPattern(sample, clause) ? "like" : "equal"),
    );
    if (found !== null) return found;
  }
  return null;
}

/** Whether a value stands for many: in these operators alone a star is not itself. */
function isPattern(value: ContextValue, { source }: Clause): boolean {
  return /like|arn/i.test(source.operator) && /[*?]/.test(String(value));
}

function anyOf(
  values: readonly string[],
  { operator: { quantifier }, key }: Clause,
  tried: (value: ContextValue) => ChangedContext | null,
): ChangedContext | null {
  const isList = (knownContextKey(key)?.values ?? (quantifier === "one" ? "one" : "many")) === "many";
  for (const value of values) {
    const found = tried(isList ? [value] : value);
    if (found !== null) return found;
  }
  return null;
}

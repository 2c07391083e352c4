/** Compiled policies as the engine sees them. */
import type { PolicyDocument } from "../document/document.ts";
import type { ActionIndex } from "../match/action-index.ts";
import type { CompiledStatement } from "../match/statement.ts";
import type { Bindings, CompiledPolicy, DeterminingStatement, PolicyKind } from "../types.ts";

/** What all policies with the same text and kind share. */
export interface Rules {
  /** Bytes of memory that it takes, as they are estimated. */
  readonly bytes: number;
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
  readonly actions: ActionIndex;
}

/** A CompiledPolicy as the engine sees it. */
export interface Compiled extends CompiledPolicy {
  readonly rules: Rules;
  readonly bindings: Bindings | undefined;
  readonly statements: readonly CompiledStatement[];
  /** One for each statement, made once so that a decision need not make them. */
  readonly candidates: readonly Candidate[];
  /** Sets that begin with this policy; filled and bounded by policy-set.ts. */
  readonly sets: StatementSet[];
  readonly toJSON: typeof shownInJson;
}

/** Decisions and explanations are written as JSON; a policy is no more than its name in them. */
export function shownInJson(this: CompiledPolicy): CompiledPolicy {
  const { kind, id, size } = this;
  return { kind, id, size };
}

/** Policies that are read together, seen as one (policy-set.ts). */
export interface StatementSet {
  /** Actions whose statements it remembers. */
  readonly remembered: number;
  has(policies: readonly CompiledPolicy[], kind: PolicyKind): boolean;
  /** @param action lower-cased */
  candidates(action: string): readonly Candidate[];
}

/** A statement of a policy, and what a decision says of it. */
export interface Candidate {
  readonly statement: CompiledStatement;
  /** A list of one: most layers have one statement that matters, and its own list serves then. */
  readonly determining: readonly [DeterminingStatement];
}

/** The engine's view of a policy. Throws TypeError for what `compile` did not make. */
export function compiled(policy: CompiledPolicy): Compiled {
  if (!madeByCompile.has(policy)) throw new TypeError("not a policy made by compile()");
  return policy as Compiled;
}

/** For compile.ts: what has been made by it, so that nothing else passes for it. */
export const madeByCompile = new WeakSet<CompiledPolicy>();

/**
 * What a policy takes of memory: bytes of its own, and the rules that it shares with all policies of its text and kind.
 * Estimated so that they are rather less than is said.
 *
 * @throws TypeError for what `compile` did not make
 */
export function memoryOf(policy: CompiledPolicy): {
  readonly own: number;
  readonly shared: { readonly bytes: number };
} {
  const { rules, size, bindings } = compiled(policy);
  const bound = bindings === undefined ? 0 : 200 * Object.keys(bindings).length;
  return { own: 600 + 300 * size + bound, shared: rules };
}

/**
 * The document that a policy was compiled from, and the bindings it was given: `compile` makes the same policy of them
 * again. Policies that share a document (one text for many callers) give the same object.
 *
 * @throws TypeError for what `compile` did not make
 */
export function sourceOf(policy: CompiledPolicy): { document: PolicyDocument; bindings: Bindings | undefined } {
  const { rules, bindings } = compiled(policy);
  return { document: rules.document, bindings };
}

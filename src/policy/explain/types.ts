/** What `explain` answers: everything typed, and everything in words as well. */
import type { CompiledPolicy, ContextValue, Decision, Layer } from "../types.ts";

export interface Explanation {
  readonly decision: Decision;
  /** The decision in one sentence, in AWS's words where AWS has words. */
  readonly summary: string;
  /** The statements that mattered: those that speak of the action, and in silent layers those of the same service. */
  readonly statements: readonly StatementExplanation[];
  /** Every layer that now denies, explicitly first; empty when the request is allowed. */
  readonly blockedBy: readonly Block[];
  /** Sets of changes, the smallest first; each set would turn the decision, and none contains another. */
  readonly changes: readonly (readonly Change[])[];
}

export interface Block {
  readonly layer: Layer;
  readonly outcome: "ExplicitlyDenied" | "ImplicitlyDenied";
  /** For scp and rcp: which levels, from the organization's root (0) to the account. */
  readonly levels: readonly number[];
  readonly words: string;
}

/** Where a statement stands. */
export interface StatementPlace {
  readonly layer: Layer;
  /** For scp and rcp: the level, from the organization's root (0) to the account. */
  readonly level: number | null;
  readonly policy: CompiledPolicy;
  /** Index in the document. */
  readonly statement: number;
  readonly sid: string | undefined;
}

export interface StatementExplanation extends StatementPlace {
  readonly effect: "Allow" | "Deny";
  /** All parts matched, so that the statement's effect counts. */
  readonly applies: boolean;
  readonly action: PartExplanation;
  /** Null where the kind of policy names no principals. */
  readonly principal: PartExplanation | null;
  readonly resource: PartExplanation;
  readonly conditions: readonly ConditionExplanation[];
  readonly words: string;
}

/** A policy variable, and what the request puts in its place. */
export interface VariableExplanation {
  /** The context key, as AWS writes it. */
  readonly key: string;
  /** Null when the request has no such key; a list stands for nothing. */
  readonly seen: ContextValue | null;
  readonly words: string;
}

export interface PartExplanation {
  readonly matched: boolean;
  /** `Action` or `NotAction`, and so on; null when the statement leaves the element out. */
  readonly element: string | null;
  /** As written in the document. */
  readonly wanted: readonly string[];
  readonly seen: string;
  /** Those in what is wanted that the words tell of. */
  readonly variables: readonly VariableExplanation[];
}

export interface ConditionExplanation {
  readonly matched: boolean;
  /** As written in the document. */
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  /** Null when the request has no such key. */
  readonly seen: ContextValue | null;
  readonly missing: boolean;
  /** Those in what is wanted that the words tell of. */
  readonly variables: readonly VariableExplanation[];
  readonly words: string;
}

export type Change = AddStatement | RemoveStatement | SetContext;

/** A statement to add to a policy of the layer (and the level); where the layer has no policy, a policy to attach. */
export interface AddStatement {
  readonly type: "AddStatement";
  readonly layer: Layer;
  readonly level: number | null;
  /** The policy that needs it; null where any policy of the layer, or a new one, will do. */
  readonly policy: CompiledPolicy | null;
  readonly statement: SuggestedStatement;
  /** A statement that is there and fails in one part only: what to widen instead. */
  readonly nearest: {
    readonly place: StatementPlace;
    readonly part: "action" | "principal" | "resource" | "condition";
  } | null;
  readonly words: string;
}

/** A statement to remove, or to narrow so that it no longer applies to this request. */
export interface RemoveStatement {
  readonly type: "RemoveStatement";
  readonly place: StatementPlace;
  readonly words: string;
}

/** The request itself made with another value of a context key; null takes the key away. */
export interface SetContext {
  readonly type: "SetContext";
  /** As AWS writes it; one that is not known, as the policy does. */
  readonly key: string;
  readonly value: ContextValue | null;
  readonly seen: ContextValue | null;
  readonly words: string;
}

export interface SuggestedStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string>>;
  readonly Action: string;
  /** Absent in a trust policy, which is about its role. */
  readonly Resource?: string;
  /** Of somebody whom a provider vouches for: the provider alone would be everybody. */
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

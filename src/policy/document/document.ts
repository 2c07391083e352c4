/** A policy document after parsing: lists where JSON allowed a lone value, nothing interpreted yet. */
export interface PolicyDocument {
  /** As written; absent means 2008-10-17 semantics: policy variables are literal text. */
  readonly version: string | undefined;
  readonly id: string | undefined;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly principal?: PrincipalElement;
  readonly notPrincipal?: PrincipalElement;
  readonly action?: readonly string[];
  readonly notAction?: readonly string[];
  readonly resource?: readonly string[];
  readonly notResource?: readonly string[];
  /** In document order; one clause for each operator and key. */
  readonly condition?: readonly ConditionClause[];
}

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

/** `"*"` as a bare string, or lists by type. */
export type PrincipalElement = "*" | Readonly<Partial<Record<PrincipalType, readonly string[]>>>;

export interface ConditionClause {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  /** JSON numbers and booleans as their text. */
  readonly values: readonly string[];
}
